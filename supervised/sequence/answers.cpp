#include "supervised/sequence/answers.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "training/data/sequences.h"

namespace supervised {

using torch::Tensor;

QuestionsAndAnswers cut(const Tensor& inputs, const Tensor& targets) {
  const int64_t T = inputs.size(1);
  const Tensor counted = targets != training::data::ignored;
  const Tensor before = (counted.cumsum(1) == 0).sum(1);  // [B]: targets before the answer
  const int64_t Q = before.max().item<int64_t>() + 1, A = counted.sum(1).max().item<int64_t>();
  const auto places = [&](int64_t n) { return torch::arange(n, inputs.options()); };
  const Tensor at = before.unsqueeze(1) + places(A), within = at < T, row = at.clamp_max(T - 1);  // [B, A]
  const Tensor wanted = targets.gather(1, row);
  return {inputs.slice(1, 0, Q), places(Q) <= before.unsqueeze(1), inputs.gather(1, row),
          wanted.masked_fill(within.logical_not(), training::data::ignored)};
}

void require_questions(const training::Dataset& rows, const std::string& data) {
  const bool asked = (rows.targets().select(1, 0) == training::data::ignored).all().item<bool>();
  core::check(asked,
              "data: '{}' has no questions; an encoder and a decoder need some with their answers (addition, "
              "copy, sort, spelled_digits, translation)",
              data);
}

WrittenAnswers write(const ReadOn& read, const Tensor& first, int64_t length) {
  std::vector<Tensor> symbols, weights;
  for (Tensor last = first.unsqueeze(1); std::ssize(symbols) < length; last = symbols.back()) {
    const Written written = read(last);
    symbols.push_back(written.logits.argmax(2));  // [B, 1]
    if (written.weights.defined()) weights.push_back(written.weights);
  }
  return {torch::cat(symbols, 1), weights.empty() ? Tensor() : torch::cat(weights, 1)};
}

int64_t edit_distance(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  std::vector<int64_t> row(b.size() + 1);  // from what was read of a to 0, 1, ... symbols of b
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    int64_t diagonal = std::exchange(row[0], int64_t(i));
    for (size_t j = 1; j <= b.size(); ++j) {
      const int64_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

std::vector<int64_t> up_to(const Tensor& row, int64_t end) {
  const Tensor symbols = row.cpu().contiguous();
  const auto* first = symbols.data_ptr<int64_t>();
  const auto* last = std::find(first, first + symbols.numel(), end);
  return {first, std::min(last + 1, first + symbols.numel())};
}

}  // namespace supervised

// Rows of symbols: inputs, and as targets the symbols one further.
#include "training/data/sequences.h"

#include <algorithm>
#include <cmath>

#include "core/memory.h"
#include "core/random.h"

namespace training::data {
namespace {

constexpr int64_t a = 1, b = 2;

Dataset anbn_rows(int64_t longest, int64_t rows, const std::function<int64_t(int64_t row)>& n_of) {
  Dataset set = blank_sentences(rows, 2 * longest, {"\n", "a", "b"});
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t n = n_of(row);
    std::vector<int64_t> sentence(size_t(2 * n), b);
    std::fill_n(sentence.begin(), n, a);
    write_sentence(set, row, sentence);
  }
  const torch::Tensor after_b = (set.inputs() == b).cumsum(1) > 0;
  set.rows.set(column::certain, after_b.logical_and(set.targets() != ignored));
  return set;
}

Dataset letter_rows(const Letters& task, bool sorted, int64_t rows, uint64_t seed) {
  const int64_t L = task.length, T = 2 * L;
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, T}, torch::kInt64), torch::full({rows, T}, ignored), {}};
  for (int64_t k = 0; k < task.letters; ++k) set.classes.emplace_back(1, char('a' + k));
  set.classes.emplace_back(">");
  std::vector<int64_t> whole(size_t(T + 1));  // question, '>', answer
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t t = 0; t < L; ++t)
      whole[size_t(t)] = whole[size_t(L + 1 + t)] = random.integers(0, task.letters);
    whole[size_t(L)] = task.letters;
    if (sorted) std::sort(whole.begin() + L + 1, whole.end());
    std::copy(whole.begin(), whole.end() - 1, set.inputs().data_ptr<int64_t>() + row * T);
    std::copy(whole.begin() + L + 1, whole.end(), set.targets().data_ptr<int64_t>() + row * T + L);
  }
  return set;
}

}  // namespace

Dataset blank_sentences(int64_t rows, int64_t longest, const std::vector<std::string>& symbols) {
  const int64_t T = longest + 1;
  return {torch::zeros({rows, T}, torch::kInt64), torch::full({rows, T}, ignored), symbols};
}

void write_sentence(Dataset& set, int64_t row, const std::vector<int64_t>& sentence) {
  const int64_t T = set.inputs().size(1);
  int64_t* input = set.inputs().data_ptr<int64_t>() + row * T;
  int64_t* target = set.targets().data_ptr<int64_t>() + row * T;
  std::copy(sentence.begin(), sentence.end(), input + 1);
  std::copy(sentence.begin(), sentence.end(), target);
  target[sentence.size()] = 0;
}

void Anbn::fields(core::Fields& f) {
  f.add("longest", longest, "Largest n", {.min = 1, .max = 10000});
  f.add("copies", copies, "How often each n stands in the training set", {.min = 1, .max = 1e6});
  f.add("valid_size", valid_size, "Sequences to choose by, of an n that is drawn", {.min = 1, .max = 1e9});
  f.add("beyond", beyond,
        "Up to which n longer sequences are tried, each n above `longest` on its own; null: none",
        {.min = 2, .max = 10000});
}

Data Anbn::load() const {
  const double rows = double(longest) * double(copies + 1) + double(valid_size),
               length = 2 * double(longest) + 1;
  core::require_memory(8 * rows * (2 * length + 1),
                       fmt::format("data: {:.3g} rows of {} symbols and their targets", rows, length));
  core::Pcg64 random(core::mix(0, {"valid"}));
  const auto in_turn = [&](int64_t row) { return 1 + row % longest; };
  const auto drawn = [&](int64_t) { return 1 + random.integers(0, longest); };
  Data data{anbn_rows(longest, longest * copies, in_turn), anbn_rows(longest, valid_size, drawn),
            anbn_rows(longest, longest, in_turn), std::log(double(longest))};
  data.grammatical = [](const std::vector<int64_t>& symbols) {
    const auto half = symbols.begin() + std::ssize(symbols) / 2;
    return !symbols.empty() && symbols.size() % 2 == 0 &&
           std::count(symbols.begin(), half, a) * 2 == std::ssize(symbols) &&
           std::count(half, symbols.end(), b) * 2 == std::ssize(symbols);
  };
  if (beyond) data.beyond = longer();
  return data;
}

Beyond Anbn::longer() const {
  core::check(*beyond > longest, "data.beyond: expected more than data.longest = {}, found {}", longest,
              *beyond);
  Beyond longer{anbn_rows(*beyond, *beyond - longest, [&](int64_t row) { return longest + 1 + row; }), {}};
  for (int64_t n = longest + 1; n <= *beyond; ++n) longer.names.push_back(std::to_string(n));
  return longer;
}

void Letters::fields(core::Fields& f) {
  f.add("letters", letters, "Different letters", {.min = 2, .max = 26});
  f.add("length", length, "Letters in a question", {.min = 1, .max = 10000});
  sizes.fields(f);
}

Data Letters::load(bool sorted) const {
  sizes.require(4 * length);  // symbols and targets
  Data data = sizes.parts(
      [task = *this, sorted](int64_t rows, uint64_t seed) { return letter_rows(task, sorted, rows, seed); });
  data.entropy = 0;
  return data;
}

}  // namespace training::data

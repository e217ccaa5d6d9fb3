#include "supervised/grades.h"

#include <algorithm>

namespace supervised {

using torch::Tensor;

double top_k(const Tensor& logits, const Tensor& classes, int64_t k) {
  const Tensor likeliest = std::get<1>(logits.topk(std::min(k, logits.size(1)), 1));  // [M, k]
  return (likeliest == classes.unsqueeze(1)).any(1).to(torch::kFloat64).mean().item<double>();
}

// a / b, 0 where b is.
static Tensor shares(const Tensor& a, const Tensor& b) {
  return a / torch::where(b > 0, b, torch::ones_like(b));
}

Tensor per_class(const Tensor& guesses, const Tensor& classes, int64_t K) {
  const auto counted = [K](const Tensor& which) { return torch::bincount(which, {}, K).to(torch::kFloat64); };
  const Tensor right = counted(classes.masked_select(guesses == classes));
  const Tensor precision = shares(right, counted(guesses)), recall = shares(right, counted(classes));
  return torch::stack({precision, recall, shares(2 * precision * recall, precision + recall)}, 1);  // [K, 3]
}

double macro_f1(const Tensor& guesses, const Tensor& classes, int64_t K) {
  return per_class(guesses, classes, K).select(1, 2).mean().item<double>();
}

Tensor reliability(const Tensor& logits, const Tensor& classes, int64_t bins) {
  const auto [confidence, guesses] = logits.to(torch::kFloat64).softmax(1).max(1);
  const Tensor bin = (confidence * double(bins)).floor().clamp_max(double(bins - 1)).to(torch::kInt64);
  const auto summed = [&](const Tensor& of_rows) { return torch::bincount(bin, of_rows, bins); };
  const Tensor rows = summed(torch::ones_like(confidence)),
               right = summed((guesses == classes).to(torch::kFloat64));
  return torch::stack({rows / double(classes.size(0)), shares(summed(confidence), rows), shares(right, rows)},
                      1);
}

double calibration_error(const Tensor& logits, const Tensor& classes, int64_t bins) {
  const Tensor table = reliability(logits, classes, bins);  // [bins, 3]
  return (table.select(1, 0) * (table.select(1, 1) - table.select(1, 2)).abs()).sum().item<double>();
}

}  // namespace supervised

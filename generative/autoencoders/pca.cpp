#include "generative/autoencoders/pca.h"

#include <algorithm>

#include "training/loop/failure.h"

namespace generative {

using torch::Tensor;

Tensor Pca::encode(const Tensor& x, int64_t k) const {
  return (x.to(torch::kFloat64) - mean).mm(directions.narrow(1, 0, k));
}

Tensor Pca::decode(const Tensor& codes) const {
  return mean + codes.mm(directions.narrow(1, 0, codes.size(1)).t());
}

// Sums over all rows of what `of` makes of some.
template <class F>
static Tensor sum_over_rows(const training::Dataset& data, F&& of) {
  constexpr int64_t at_once = 4096;
  Tensor sum;
  for (int64_t first = 0; first < data.size(); first += at_once) {
    const Tensor rows = training::slice(data, first, at_once, torch::kCPU).inputs().flatten(1);
    const Tensor part = of(rows.to(torch::kFloat64));
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

Pca principal_components(const training::Dataset& data) {
  const torch::NoGradGuard no_grad;
  const Tensor mean = sum_over_rows(data, [](const Tensor& x) { return x.sum(0); }) / data.size();
  const Tensor scatter =
      sum_over_rows(data, [&](const Tensor& x) { return (x - mean).t().mm(x - mean); });  // [D, D]
  training::require_finite(scatter, "the codes' squares");
  const auto [variances, directions] = torch::linalg_eigh(scatter / data.size(), "L");  // rising
  return {mean, directions.flip(1), variances.flip(0).clamp_min(0)};
}

}  // namespace generative

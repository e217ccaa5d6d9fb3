// Everything that is summed is summed in double precision.
#include "generative/sample_quality.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "training/distributions.h"
#include "training/loop/failure.h"

namespace generative {

using torch::Tensor;

Coverage coverage(const Tensor& samples, const training::data::Mixture& modes) {
  const Tensor distances = torch::cdist(samples.to(torch::kCPU, torch::kFloat64), modes.centres);  // [N, K]
  const auto [distance, nearest] = distances.min(1);
  const Tensor within = distance <= 3 * modes.deviation;
  const Tensor met = torch::bincount(nearest.masked_select(within), {}, modes.centres.size(0));
  const auto N = double(samples.size(0));
  return {(met.to(torch::kFloat64) >= 0.02 * N).sum().item<int64_t>(), within.sum().item<double>() / N};
}

Tensor spaced(const Tensor& rows, int64_t most) {
  return rows.slice(0, 0, rows.size(0), std::max<int64_t>(1, (rows.size(0) + most - 1) / most));
}

Tensor nearest_classes(const Tensor& samples, const Tensor& rows, const Tensor& classes) {
  constexpr int64_t most_rows = 2000;
  const Tensor distances = torch::cdist(samples, spaced(rows, most_rows));  // [N, m]
  return spaced(classes, most_rows).to(torch::kCPU).index_select(0, distances.argmin(1).cpu());
}

int64_t classes_met(const Tensor& samples, const Tensor& rows, const Tensor& classes, int64_t K) {
  constexpr int64_t most_samples = 500;
  const Tensor nearest = nearest_classes(spaced(samples, most_samples), rows, classes);
  const Tensor counts = torch::bincount(nearest, {}, K);
  return (counts.to(torch::kFloat64) >= 0.1 * double(nearest.size(0)) / double(K)).sum().item<int64_t>();
}

double one_nn_accuracy(const Tensor& samples, const Tensor& rows) {
  constexpr int64_t most = 1000;
  const Tensor a = spaced(samples, most), b = spaced(rows, most);
  const int64_t n = std::min(a.size(0), b.size(0));
  const Tensor all = torch::cat({a.narrow(0, 0, n), b.narrow(0, 0, n)}).to(torch::kFloat64);  // [2 n, D]
  const Tensor distances = torch::cdist(all, all);
  distances.diagonal().fill_(INFINITY);
  const Tensor is_row = torch::arange(2 * n) >= n, nearest = distances.argmin(1).cpu();
  return (is_row.index_select(0, nearest) == is_row).to(torch::kFloat64).mean().item<double>();
}

double sliced_wasserstein(const Tensor& a, const Tensor& b, const torch::Generator& generator) {
  constexpr int64_t directions = 128;
  core::check(a.sizes() == b.sizes(),
              "sliced Wasserstein distance: expected as many samples as rows of data");
  const Tensor noise = training::normal_noise(torch::empty({a.size(1), directions}, a.options()), generator);
  const Tensor along = noise / noise.norm(2, 0, true);  // [D, directions]
  const auto sorted = [&](const Tensor& x) { return std::get<0>(torch::matmul(x, along).t().sort(1)); };
  return (sorted(a) - sorted(b)).to(torch::kFloat64).square().mean().sqrt().item<double>();
}

Gaussian fit(const Tensor& features) {
  const Tensor x = features.to(torch::kCPU, torch::kFloat64), mean = x.mean(0), centred = x - mean;
  return {mean, torch::matmul(centred.t(), centred) / double(x.size(0) - 1)};
}

// Of a symmetric matrix without negative eigenvalues, which rounding may have given it.
static Tensor square_root(const Tensor& matrix) {
  training::require_finite(matrix, "the features' squares");
  const auto [values, vectors] = torch::linalg_eigh(matrix);
  return torch::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
}

// (C_a C_b)^1/2 has the eigenvalues of the symmetric (C_a^1/2 C_b C_a^1/2)^1/2.
double frechet(const Gaussian& a, const Gaussian& b) {
  const Tensor root = square_root(a.covariance);
  const Tensor product = torch::matmul(root, torch::matmul(b.covariance, root));
  const Tensor cross = torch::linalg_eigvalsh(product).clamp_min(0).sqrt().sum();
  const Tensor distance =
      (a.mean - b.mean).square().sum() + a.covariance.trace() + b.covariance.trace() - 2 * cross;
  return distance.item<double>();
}

}  // namespace generative

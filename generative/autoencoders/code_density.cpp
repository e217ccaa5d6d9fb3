#include "generative/autoencoders/code_density.h"

#include <algorithm>
#include <cmath>

#include "training/distributions.h"
#include "training/loop/failure.h"

namespace generative {

using torch::Tensor;

CodeDensityImpl::CodeDensityImpl(int64_t dimensions)
    : mean_(register_buffer("mean", torch::zeros({dimensions}))),
      second_moments_(register_buffer("second_moments", torch::zeros({dimensions, dimensions}))) {}

void CodeDensityImpl::see(const Tensor& codes, int64_t step) {
  const torch::NoGradGuard no_grad;
  const double share = 1.0 / double(std::min<int64_t>(step + 1, 100));
  mean_.lerp_(codes.mean(0), share);
  second_moments_.lerp_(codes.t().mm(codes) / codes.size(0), share);
}

Tensor CodeDensityImpl::covariance() const {
  const Tensor mean = mean_.to(torch::kCPU, torch::kFloat64);
  return second_moments_.to(torch::kCPU, torch::kFloat64) - mean.outer(mean);
}

Tensor CodeDensityImpl::sample(int64_t n, double temperature, const torch::Generator& generator) const {
  const Tensor of_codes = covariance();
  training::require_finite(of_codes, "the codes' squares");
  const auto [variances, directions] = torch::linalg_eigh(of_codes, "L");
  const Tensor spread = (directions * variances.clamp_min(0).sqrt()).to(mean_.options());  // [Z, Z]
  const Tensor noise = training::normal_noise(mean_.expand({n, -1}), generator);
  return mean_ + temperature * noise.mm(spread.t());
}

core::Rect CodeDensityImpl::window() const {
  const Tensor deviations = covariance().diagonal().clamp_min(1e-12).sqrt();
  const double x = mean_[0].item<double>(), y = mean_[1].item<double>();
  const double width = 4 * deviations[0].item<double>(), height = 4 * deviations[1].item<double>();
  return {x - width / 2, y - height / 2, width, height};
}

}  // namespace generative

// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016): numbers in parentheses are the tutorial's equations.
#include "agents/cma.h"

#include <cmath>

#include "agents/noise.h"
#include "core/error.h"

namespace agents {

// Log-weights of the better half (49, 53), whose negative rest is set to zero.
static torch::Tensor recombination_weights(int64_t lambda) {
  const int64_t mu = lambda / 2;
  const torch::Tensor rank = torch::arange(1, mu + 1, torch::kFloat64);
  const torch::Tensor weights = std::log((static_cast<double>(lambda) + 1) / 2) - rank.log();
  return weights / weights.sum();  // [mu]
}

Cma::Cma(const torch::Tensor& mean, double sigma, int64_t lambda) : d_(mean.numel()), lambda_(lambda) {
  core::check(lambda >= 2, "CMA-ES needs at least 2 candidates, found {}", lambda);
  weights_ = recombination_weights(lambda);
  const auto d = static_cast<double>(d_);
  mu_eff_ = 1 / weights_.square().sum().item<double>();
  c_sigma_ = (mu_eff_ + 2) / (d + mu_eff_ + 5);                                                        // (55)
  d_sigma_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (d + 1)) - 1) + c_sigma_;                 // (55)
  c_c_ = (4 + mu_eff_ / d) / (d + 4 + 2 * mu_eff_ / d);                                                // (56)
  c_1_ = 2 / ((d + 1.3) * (d + 1.3) + mu_eff_);                                                        // (57)
  c_mu_ = std::min(1 - c_1_, 2 * (0.25 + mu_eff_ + 1 / mu_eff_ - 2) / ((d + 2) * (d + 2) + mu_eff_));  // (58)
  expected_norm_ = std::sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d));  // E |N(0, I)|
  const torch::Tensor zeros = torch::zeros({d_}, torch::kFloat64);
  state_ = {
      mean.detach().to(torch::kFloat64).clone(), torch::tensor(sigma, torch::kFloat64), zeros, zeros.clone(),
      torch::eye(d_, torch::kFloat64),           torch::tensor(0.0, torch::kFloat64)};
}

torch::Tensor Cma::ask(uint64_t seed) {
  const auto [eigenvalues, vectors] = torch::linalg_eigh(state_.covariance);
  axes_ = vectors, lengths_ = eigenvalues.clamp_min(0).sqrt();
  const auto generation = static_cast<int64_t>(state_.generation.item<double>());
  z_ = torch::empty({lambda_, d_}, torch::kFloat64);
  for (int64_t k = 0; k < lambda_; ++k)
    standard_normal(seed, generation, k, {z_[k].data_ptr<double>(), static_cast<size_t>(d_)});  // (38)
  z_ = z_.to(axes_.device());
  y_ = (z_ * lengths_).matmul(axes_.t());  // (39)
  return state_.mean + state_.sigma * y_;  // (40)
}

void Cma::tell(const torch::Tensor& costs) {
  if (!torch::isfinite(costs).all().item<bool>())
    throw core::Error("CMA-ES was told a cost that is not finite", core::Exit::failed);

  // Select the better half and move the mean to it.
  const torch::Tensor order = std::get<1>(torch::sort(costs, /*stable=*/true, 0, /*descending=*/false));
  const torch::Tensor best = order.narrow(0, 0, weights_.numel()).to(y_.device());
  const torch::Tensor weights = weights_.to(y_.device());
  const torch::Tensor y = y_.index_select(0, best), z = z_.index_select(0, best);  // [mu, d]
  const torch::Tensor step = weights.matmul(y);                                    // (41)
  state_.mean.add_(state_.sigma * step);                                           // (42)
  state_.generation.add_(1);

  // A long path asks for longer steps, a short one for shorter ones. C^-1/2 y = B z.
  const double keep = std::sqrt(c_sigma_ * (2 - c_sigma_) * mu_eff_);
  state_.path_sigma.mul_(1 - c_sigma_).add_(axes_.matmul(weights.matmul(z)), keep);  // (43)
  const double length = state_.path_sigma.norm().item<double>();
  state_.sigma.mul_(std::exp(c_sigma_ / d_sigma_ * (length / expected_norm_ - 1)));  // (44)

  // Stretch the covariance along the path and along the selected steps.
  const double warm = 1 - std::pow(1 - c_sigma_, 2 * state_.generation.item<double>());
  const bool calm =
      length / std::sqrt(warm) < (1.4 + 2 / (static_cast<double>(d_) + 1)) * expected_norm_;  // h_sigma
  state_.path_c.mul_(1 - c_c_);
  if (calm) state_.path_c.add_(step, std::sqrt(c_c_ * (2 - c_c_) * mu_eff_));  // (45)
  const double lost = calm ? 0 : c_c_ * (2 - c_c_);
  state_.covariance.mul_(1 + c_1_ * lost - c_1_ - c_mu_)
      .add_(torch::outer(state_.path_c, state_.path_c), c_1_)
      .add_((y * weights.unsqueeze(1)).t().matmul(y), c_mu_);  // (47)
}

double Cma::axis_ratio() const { return (lengths_.max() / lengths_.min()).item<double>(); }

}  // namespace agents

// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016): numbers in parentheses are the tutorial's equations.
#include "agents/evolution/cma.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "agents/evolution/noise.h"
#include "core/error.h"

namespace agents {

// Log-weights of the better half (49, 53), whose negative rest is set to zero.
static std::vector<double> recombination_weights(size_t lambda) {
  std::vector<double> weights;
  for (size_t i = 1; i <= lambda / 2; ++i)
    weights.push_back(std::log((static_cast<double>(lambda) + 1) / 2) - std::log(i));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& w : weights) w /= sum;
  return weights;
}

static double squares(const std::vector<double>& x) {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

Cma::Cma(std::vector<double> mean, double sigma, int64_t lambda)
    : d_(mean.size()), lambda_(static_cast<size_t>(lambda)), mean_(std::move(mean)), sigma_(sigma) {
  core::check(lambda >= 2, "CMA-ES needs at least 2 candidates, found {}", lambda);
  weights_ = recombination_weights(lambda_);
  const auto d = static_cast<double>(d_);
  mu_eff_ = 1 / squares(weights_);
  c_sigma_ = (mu_eff_ + 2) / (d + mu_eff_ + 5);                                         // (55)
  d_sigma_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (d + 1)) - 1) + c_sigma_;  // (55)
  c_c_ = (4 + mu_eff_ / d) / (d + 4 + 2 * mu_eff_ / d);                                 // (56)
  c_1_ = 2 / ((d + 1.3) * (d + 1.3) + mu_eff_);                                         // (57)
  // With the 0.25 that Hansen's own pycma adds.
  c_mu_ = std::min(1 - c_1_, 2 * (0.25 + mu_eff_ + 1 / mu_eff_ - 2) / ((d + 2) * (d + 2) + mu_eff_));  // (58)
  expected_norm_ = std::sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d));  // E |N(0, I)|
  path_sigma_.resize(d_);
  path_c_.resize(d_);
  covariance_.resize(d_ * d_);
  for (size_t i = 0; i < d_; ++i) covariance_[i * d_ + i] = 1;
}

// C^1/2 z = B D B^T z of each row. The symmetric root, and not the tutorial's B D: it does not depend on the
// signs and the order of the axes, and C^-1/2 y is z.
std::vector<double> Cma::root_times(const std::vector<double>& z) const {
  std::vector<double> y(z.size());
  for (size_t k = 0; k < lambda_; ++k)
    for (size_t i = 0; i < d_; ++i) {
      const double* axis = axes_.vectors.data() + i * d_;
      const double length = std::sqrt(axes_.values[i]);
      const double along = length * std::inner_product(axis, axis + d_, z.data() + k * d_, 0.0);
      for (size_t j = 0; j < d_; ++j) y[k * d_ + j] += along * axis[j];
    }
  return y;
}

// Eigenvalues are known to about epsilon times the largest one. What came out shorter, or below 0, is that
// long: no direction is lost for good, and no ratio of lengths is infinite.
static void lengthen(std::vector<double>& eigenvalues) {
  const double largest = *std::max_element(eigenvalues.begin(), eigenvalues.end());
  for (double& value : eigenvalues) value = std::max(value, std::numeric_limits<double>::epsilon() * largest);
}

std::vector<double> Cma::ask(uint64_t seed) {
  axes_ = jacobi(covariance_, static_cast<int64_t>(d_));
  lengthen(axes_.values);
  z_.resize(lambda_ * d_);
  for (size_t k = 0; k < lambda_; ++k)
    standard_normal(seed, generation_, static_cast<int64_t>(k), {z_.data() + k * d_, d_});  // (38)
  y_ = root_times(z_);                                                                      // (39)
  std::vector<double> x(y_.size());
  for (size_t i = 0; i < x.size(); ++i) x[i] = mean_[i % d_] + sigma_ * y_[i];  // (40)
  return x;
}

// The better half. Equals share their weights, those of the worse half, 0, included: which of them has the
// lower number means nothing.
Cma::Parents Cma::select_parents(std::span<const double> costs) const {
  std::vector<size_t> order(lambda_);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return costs[a] < costs[b]; });
  std::vector<double> weights = weights_;
  weights.resize(lambda_);
  for (size_t first = 0, end = 0; first < lambda_; first = end) {
    while (end < lambda_ && costs[order[end]] == costs[order[first]]) ++end;
    if (end - first == 1) continue;
    const auto equals = weights.begin() + static_cast<ptrdiff_t>(first);
    const auto behind = weights.begin() + static_cast<ptrdiff_t>(end);
    std::fill(equals, behind, std::accumulate(equals, behind, 0.0) / static_cast<double>(end - first));
  }
  while (weights.back() == 0) weights.pop_back();
  order.resize(weights.size());
  return {order, weights};
}

// The weighted mean of the chosen rows, [d].
std::vector<double> Cma::recombine(const std::vector<double>& rows, const Parents& parents) const {
  std::vector<double> sum(d_);
  for (size_t i = 0; i < parents.order.size(); ++i)
    for (size_t j = 0; j < d_; ++j) sum[j] += parents.weights[i] * rows[parents.order[i] * d_ + j];
  return sum;
}

void Cma::tell(std::span<const double> costs) {
  for (const double cost : costs)
    if (!std::isfinite(cost))
      throw core::Error("CMA-ES was told a cost that is not finite", core::Exit::failed);

  // Select the better half and move the mean to it.
  const Parents parents = select_parents(costs);
  const std::vector<double> step = recombine(y_, parents), white = recombine(z_, parents);  // (41)
  for (size_t j = 0; j < d_; ++j) mean_[j] += sigma_ * step[j];                             // (42)
  ++generation_;

  // A long path asks for longer steps, a short one for shorter ones. C^-1/2 y = z. Its mu_eff is that of the
  // weights given, so that where all are equal the path is as long as expected and the steps stay as they
  // are.
  const double mu_eff = 1 / squares(parents.weights);
  const double pull = std::sqrt(c_sigma_ * (2 - c_sigma_) * mu_eff);
  for (size_t j = 0; j < d_; ++j) path_sigma_[j] = (1 - c_sigma_) * path_sigma_[j] + pull * white[j];  // (43)
  const double length = std::sqrt(squares(path_sigma_));
  sigma_ *= std::exp(c_sigma_ / d_sigma_ * (length / expected_norm_ - 1));  // (44)

  // Stretch the covariance along the path and along the selected steps.
  const double warm = std::sqrt(1 - std::pow(1 - c_sigma_, 2 * static_cast<double>(generation_)));
  const bool calm = length / warm < (1.4 + 2 / (static_cast<double>(d_) + 1)) * expected_norm_;  // h_sigma
  const double along = calm ? std::sqrt(c_c_ * (2 - c_c_) * mu_eff) : 0;
  for (size_t j = 0; j < d_; ++j) path_c_[j] = (1 - c_c_) * path_c_[j] + along * step[j];  // (45)
  adapt_covariance(parents, calm ? 0 : c_c_ * (2 - c_c_));
}

// (47); `lost`: the share of the path's variance that h_sigma held back.
void Cma::adapt_covariance(const Parents& parents, double lost) {
  for (size_t i = 0; i < d_; ++i)
    for (size_t j = 0; j < d_; ++j) {
      double selected = 0;
      for (size_t k = 0; k < parents.order.size(); ++k)
        selected += parents.weights[k] * (y_[parents.order[k] * d_ + i] * y_[parents.order[k] * d_ + j]);
      double& c = covariance_[i * d_ + j];
      c = (1 + c_1_ * lost - c_1_ - c_mu_) * c + c_1_ * (path_c_[i] * path_c_[j]) + c_mu_ * selected;
    }
}

double Cma::axis_ratio() const {
  const auto [shortest, longest] = std::minmax_element(axes_.values.begin(), axes_.values.end());
  return std::sqrt(*longest / *shortest);
}

// Numbers that no search has: a covariance has a positive diagonal.
void Cma::check_restored() const {
  bool sound = std::isfinite(sigma_) && sigma_ > 0;
  for (const auto* numbers : {&mean_, &path_sigma_, &path_c_, &covariance_})
    for (const double x : *numbers) sound = sound && std::isfinite(x);
  for (size_t i = 0; i < d_; ++i) sound = sound && covariance_[i * d_ + i] > 0;
  core::check(sound, "saved state of CMA-ES holds numbers that cannot be");
}

void Cma::state(core::Archive& archive) {
  archive("mean", mean_);
  archive("path_sigma", path_sigma_);
  archive("path_c", path_c_);
  archive("covariance", covariance_);
  archive("sigma", sigma_);
  archive.within("generation", generation_, int64_t{0}, int64_t{1} << 62);
  if (archive.loading()) check_restored();
}

}  // namespace agents

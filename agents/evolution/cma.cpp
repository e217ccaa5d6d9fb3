// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016): numbers in parentheses are the tutorial's equations.
#include "agents/evolution/cma.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "agents/evolution/noise.h"
#include "core/error.h"

namespace agents {

// Generations that change the covariance by about a tenth: the tutorial's appendix B.2.
static int64_t lazy_interval(const CmaConstants& k, size_t d) {
  return std::max<int64_t>(1, static_cast<int64_t>(1 / (10 * static_cast<double>(d) * (k.c_1 + k.c_mu))));
}

static std::vector<double> identity(size_t d) {
  std::vector<double> matrix(d * d);
  for (size_t i = 0; i < d; ++i) matrix[i * d + i] = 1;
  return matrix;
}

Cma::Cma(std::vector<double> mean, double sigma, int64_t lambda, bool lazy)
    : d_(mean.size()),
      lambda_(static_cast<size_t>(std::max<int64_t>(lambda, 0))),
      k_(cma_constants(d_, lambda_)),
      motion_(std::move(mean), sigma),
      covariance_(identity(d_)),
      interval_(lazy ? lazy_interval(k_, d_) : 1),
      decomposed_(-interval_),
      axes_{std::vector<double>(d_, 1), covariance_} {}

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

void Cma::decompose() {
  if (motion_.generation < decomposed_ + interval_) return;
  axes_ = jacobi(covariance_, static_cast<int64_t>(d_));
  lengthen(axes_.values);
  decomposed_ = motion_.generation;
}

std::vector<double> Cma::ask(uint64_t seed) {
  decompose();
  z_ = standard_normal_rows(seed, motion_.generation, lambda_, d_);  // (38)
  y_ = root_times(z_);                                               // (39)
  return motion_.candidates(y_);
}

void Cma::tell(std::span<const double> costs) {
  const Ranking parents = ranking_of(costs, k_.weights);
  adapt_covariance(parents, motion_.tell(k_, parents, y_, z_));
}

// (47); `lost`: the share of the path's variance that h_sigma held back.
void Cma::adapt_covariance(const Ranking& parents, double lost) {
  for (size_t i = 0; i < d_; ++i)
    for (size_t j = 0; j < d_; ++j) {
      double selected = 0;
      for (size_t k = 0; k < parents.order.size(); ++k)
        selected += parents.weights[k] * (y_[parents.order[k] * d_ + i] * y_[parents.order[k] * d_ + j]);
      double& c = covariance_[i * d_ + j];
      c = (1 + k_.c_1 * lost - k_.c_1 - k_.c_mu) * c + k_.c_1 * (motion_.path_c[i] * motion_.path_c[j]) +
          k_.c_mu * selected;
    }
}

double Cma::axis_ratio() const {
  const auto [shortest, longest] = std::minmax_element(axes_.values.begin(), axes_.values.end());
  return std::sqrt(*longest / *shortest);
}

double Cma::reach() const {
  double most = 0;
  for (size_t j = 0; j < d_; ++j)
    most = std::max({most, std::sqrt(covariance_[j * d_ + j]), std::abs(motion_.path_c[j])});
  return motion_.sigma * most;
}

bool Cma::is_stuck() const {
  const auto& [mean, sigma] = std::tie(motion_.mean, motion_.sigma);
  const size_t turn = static_cast<size_t>(motion_.generation) % d_;  // an axis a generation
  const double along = 0.1 * sigma * std::sqrt(axes_.values[turn]);
  bool axis_moves = false, numbers_move = true;
  for (size_t j = 0; j < d_; ++j) {
    axis_moves |= mean[j] != mean[j] + along * axes_.vectors[turn * d_ + j];
    numbers_move &= mean[j] != mean[j] + 0.2 * sigma * std::sqrt(covariance_[j * d_ + j]);
  }
  return !axis_moves || !numbers_move;
}

// Numbers that no search has: a covariance has a positive diagonal.
void Cma::check_restored() const {
  bool sound = motion_.is_sound();
  for (const auto* numbers : {&covariance_, &axes_.vectors, &axes_.values})
    for (const double x : *numbers) sound = sound && std::isfinite(x);
  for (size_t i = 0; i < d_; ++i) sound = sound && covariance_[i * d_ + i] > 0 && axes_.values[i] > 0;
  core::check(sound, "saved state of CMA-ES holds numbers that cannot be");
}

void Cma::state(core::Archive& archive) {
  motion_.state(archive);
  archive("covariance", covariance_);
  if (interval_ > 1) {  // else each ask decomposes anew
    archive("axes", axes_.vectors);
    archive("axes_squared", axes_.values);
    archive.within("decomposed", decomposed_, -interval_, motion_.generation);
  } else if (archive.loading()) {
    decomposed_ = -interval_;
  }
  if (archive.loading()) check_restored();
}

}  // namespace agents

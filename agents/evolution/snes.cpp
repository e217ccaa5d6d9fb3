// Separable natural evolution strategy (Schaul, Glasmachers & Schmidhuber 2011, algorithm 1), with the rates
// and utilities of Wierstra et al. 2014, table 1.
#include "agents/evolution/snes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/evolution/noise.h"
#include "agents/evolution/ranking.h"
#include "core/error.h"

namespace agents {

// u_k = max(0, log(lambda / 2 + 1) - log k) / sum - 1 / lambda
static std::vector<double> utilities(size_t lambda) {
  const auto n = static_cast<double>(lambda);
  std::vector<double> u;
  for (size_t k = 1; k <= lambda; ++k) u.push_back(std::max(0.0, std::log(n / 2 + 1) - std::log(k)));
  const double sum = std::accumulate(u.begin(), u.end(), 0.0);
  for (double& value : u) value = value / sum - 1 / n;
  return u;
}

SnesSearch::SnesSearch(std::vector<double> mean, double sigma, int64_t lambda)
    : d_(mean.size()), lambda_(static_cast<size_t>(lambda)), mean_(std::move(mean)), sigma_(d_, sigma) {
  core::check(lambda >= 2, "SNES needs at least 2 candidates, found {}", lambda);
  const auto d = static_cast<double>(d_);
  utilities_ = utilities(lambda_);
  eta_sigma_ = (3 + std::log(d)) / (5 * std::sqrt(d));
}

std::vector<double> SnesSearch::ask(uint64_t seed) {
  s_ = standard_normal_rows(seed, generation_, lambda_, d_);
  std::vector<double> z(s_.size());
  for (size_t i = 0; i < z.size(); ++i) z[i] = mean_[i % d_] + sigma_[i % d_] * s_[i];
  return z;
}

void SnesSearch::tell(std::span<const double> costs) {
  // The natural gradients: sum u s of the mean, sum u (s^2 - 1) of the deviations.
  const Ranking ranks = ranking_of(costs, utilities_);
  std::vector<double> s_squared(s_.size());
  std::transform(s_.begin(), s_.end(), s_squared.begin(), [](double s) { return s * s - 1; });
  const std::vector<double> to_mean = weighted_sum(ranks, s_, d_),
                            to_sigma = weighted_sum(ranks, s_squared, d_);

  // Follow them: the mean at rate 1, in units of the deviations; the deviations as factors.
  for (size_t j = 0; j < d_; ++j) {
    mean_[j] += sigma_[j] * to_mean[j];
    sigma_[j] *= std::exp(eta_sigma_ / 2 * to_sigma[j]);
  }
  ++generation_;
}

double SnesSearch::mean_sigma() const {
  double logs = 0;
  for (const double sigma : sigma_) logs += std::log(sigma);
  return std::exp(logs / static_cast<double>(d_));
}

void SnesSearch::state(core::Archive& archive) {
  archive("mean", mean_);
  archive("sigma", sigma_);
  archive.within("generation", generation_, int64_t{0}, int64_t{1} << 62);
  bool sound = true;
  for (size_t j = 0; j < d_; ++j)
    sound = sound && std::isfinite(mean_[j]) && std::isfinite(sigma_[j]) && sigma_[j] > 0;
  core::check(!archive.loading() || sound, "saved state of SNES holds numbers that cannot be");
}

SnesSearch Snes::around_policy() const {
  const EvolutionOptions& o = options_.search.evolution;
  return {policy_->point(), o.sigma, o.population};
}

void Snes::build(training::Build& b) {
  policy_ = std::make_unique<SearchedPolicy>(options_.search, b);
  search_ = around_policy();
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  b.update("policy", {{"step_size", "", "Geometric mean of the parameters' standard deviations"}});
}

void Snes::step(training::Step& step) {
  if (step.counters().step == 1) search_ = around_policy();  // which train.init_from may have loaded
  search_.tell(policy_->costs(search_.ask(noise_seed_), step));
  policy_->move_to(search_.mean());
  step.updated("policy", {{"step_size", search_.mean_sigma()}});
}

}  // namespace agents

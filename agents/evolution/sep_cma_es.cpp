// Separable CMA-ES (Ros & Hansen 2008): numbers in parentheses are the equations of Hansen's tutorial (2016),
// whose constants are the base here.
#include "agents/evolution/sep_cma_es.h"

#include <algorithm>
#include <cmath>

#include "agents/evolution/noise.h"
#include "agents/evolution/ranking.h"
#include "core/error.h"

namespace agents {

// A diagonal has d numbers and not d (d + 1) / 2: it can be learned faster, by their factor (d + 2) / 3.
static CmaConstants separable(CmaConstants k, size_t d) {
  const double faster = (static_cast<double>(d) + 2) / 3;
  k.c_1 = std::min(1.0, faster * k.c_1);
  k.c_mu = std::min(1 - k.c_1, faster * k.c_mu);
  return k;
}

SepCma::SepCma(std::vector<double> mean, double sigma, int64_t lambda)
    : d_(mean.size()),
      lambda_(static_cast<size_t>(std::max<int64_t>(lambda, 0))),
      k_(separable(cma_constants(d_, lambda_), d_)),
      mean_(std::move(mean)),
      path_sigma_(d_),
      path_c_(d_),
      variances_(d_, 1),
      sigma_(sigma) {}

std::vector<double> SepCma::ask(uint64_t seed) {
  z_ = standard_normal_rows(seed, generation_, lambda_, d_);  // (38)
  y_.resize(z_.size());
  std::vector<double> x(z_.size());
  for (size_t i = 0; i < x.size(); ++i) {
    y_[i] = std::sqrt(variances_[i % d_]) * z_[i];  // (39)
    x[i] = mean_[i % d_] + sigma_ * y_[i];          // (40)
  }
  return x;
}

void SepCma::tell(std::span<const double> costs) {
  // Select the better half and move the mean to it.
  const Ranking parents = ranking_of(costs, k_.weights);
  const std::vector<double> step = weighted_sum(parents, y_, d_),
                            white = weighted_sum(parents, z_, d_);  // (41)
  for (size_t j = 0; j < d_; ++j) mean_[j] += sigma_ * step[j];     // (42)
  ++generation_;

  // A long path asks for longer steps, a short one for shorter ones. Its mu_eff is that of the weights given,
  // as in CMA-ES.
  const double mu_eff = 1 / sum_of_squares(parents.weights);
  const double pull = std::sqrt(k_.c_sigma * (2 - k_.c_sigma) * mu_eff);
  for (size_t j = 0; j < d_; ++j)
    path_sigma_[j] = (1 - k_.c_sigma) * path_sigma_[j] + pull * white[j];  // (43)
  const double length = std::sqrt(sum_of_squares(path_sigma_));
  sigma_ *= std::exp(k_.c_sigma / k_.d_sigma * (length / k_.expected_norm - 1));  // (44)

  // Stretch each variance along the path and along the selected steps.
  const double warm = std::sqrt(1 - std::pow(1 - k_.c_sigma, 2 * static_cast<double>(generation_)));
  const bool calm = length / warm < (1.4 + 2 / (static_cast<double>(d_) + 1)) * k_.expected_norm;  // h_sigma
  const double along = calm ? std::sqrt(k_.c_c * (2 - k_.c_c) * mu_eff) : 0;
  const double lost = calm ? 0 : k_.c_c * (2 - k_.c_c);
  std::vector<double> y_squared(y_.size());
  std::transform(y_.begin(), y_.end(), y_squared.begin(), [](double y) { return y * y; });
  const std::vector<double> selected = weighted_sum(parents, y_squared, d_);
  for (size_t j = 0; j < d_; ++j) {
    path_c_[j] = (1 - k_.c_c) * path_c_[j] + along * step[j];  // (45)
    const double along_path = path_c_[j] * path_c_[j], kept = 1 + k_.c_1 * lost - k_.c_1 - k_.c_mu;
    variances_[j] = kept * variances_[j] + k_.c_1 * along_path + k_.c_mu * selected[j];  // (47)
  }
}

double SepCma::axis_ratio() const {
  const auto [least, most] = std::minmax_element(variances_.begin(), variances_.end());
  return std::sqrt(*most / *least);
}

void SepCma::state(core::Archive& archive) {
  archive("mean", mean_);
  archive("path_sigma", path_sigma_);
  archive("path_c", path_c_);
  archive("variances", variances_);
  archive("sigma", sigma_);
  archive.within("generation", generation_, int64_t{0}, int64_t{1} << 62);
  bool sound = std::isfinite(sigma_) && sigma_ > 0;
  for (const auto* numbers : {&mean_, &path_sigma_, &path_c_, &variances_})
    for (const double x : *numbers) sound = sound && std::isfinite(x);
  for (const double variance : variances_) sound = sound && variance > 0;
  core::check(!archive.loading() || sound, "saved state of separable CMA-ES holds numbers that cannot be");
}

SepCma SepCmaEs::around_policy() const {
  const EvolutionOptions& o = options_.search.evolution;
  return {policy_->point(), o.sigma, o.population};
}

void SepCmaEs::build(training::Build& b) {
  policy_ = std::make_unique<SearchedPolicy>(options_.search, b);
  search_ = around_policy();
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  b.update("policy", {{"step_size", "", "sigma, the standard deviation of the whole distribution"},
                      {"axis_ratio", "", "Longest by shortest axis of the distribution"}});
}

void SepCmaEs::step(training::Step& step) {
  if (step.counters().step == 1) search_ = around_policy();  // which train.init_from may have loaded
  search_.tell(policy_->costs(search_.ask(noise_seed_), step));
  policy_->move_to(search_.mean());
  step.updated("policy", {{"step_size", search_.sigma()}, {"axis_ratio", search_.axis_ratio()}});
}

}  // namespace agents

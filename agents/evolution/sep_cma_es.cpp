// Separable CMA-ES (Ros & Hansen 2008): numbers in parentheses are the equations of Hansen's tutorial (2016),
// whose constants are the base here.
#include "agents/evolution/sep_cma_es.h"

#include <algorithm>
#include <cmath>

#include "agents/evolution/noise.h"
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
      motion_(std::move(mean), sigma),
      variances_(d_, 1) {}

std::vector<double> SepCma::ask(uint64_t seed) {
  z_ = standard_normal_rows(seed, motion_.generation, lambda_, d_);  // (38)
  y_ = z_;
  for (size_t i = 0; i < y_.size(); ++i) y_[i] *= std::sqrt(variances_[i % d_]);  // (39)
  return motion_.candidates(y_);
}

void SepCma::tell(std::span<const double> costs) {
  const Ranking parents = ranking_of(costs, k_.weights);
  const double lost = motion_.tell(k_, parents, y_, z_);
  std::vector<double> squared = y_;
  for (double& y : squared) y *= y;
  const std::vector<double> selected = weighted_sum(parents, squared, d_);
  for (size_t j = 0; j < d_; ++j) {
    const double along_path = motion_.path_c[j] * motion_.path_c[j],
                 kept = 1 + k_.c_1 * lost - k_.c_1 - k_.c_mu;
    variances_[j] = kept * variances_[j] + k_.c_1 * along_path + k_.c_mu * selected[j];  // (47)
  }
}

double SepCma::axis_ratio() const {
  const auto [least, most] = std::minmax_element(variances_.begin(), variances_.end());
  return std::sqrt(*most / *least);
}

void SepCma::state(core::Archive& archive) {
  motion_.state(archive);
  archive("variances", variances_);
  bool sound = motion_.is_sound();
  for (const double variance : variances_) sound = sound && std::isfinite(variance) && variance > 0;
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

#include "agents/evolution/cma_es.h"

#include "core/error.h"
#include "core/memory.h"

namespace agents {

// Searched parameters: the covariance has their square, and its axes take their cube, seconds at this many.
static constexpr size_t most = 500;

void CmaEs::Options::fields(core::Fields& f) {
  search.fields(f, "cma_es", "CMA-ES", [this](core::Fields& own) {
    own.add(
        "lazy", lazy,
        "Whether the covariance is decomposed only once it has changed by about a tenth, which saves time "
        "where many parameters are searched; else in each generation");
    own.add(
        "restarts", restarts,
        "How often at most the search begins anew from the first policy, with twice the candidates, where "
        "it gets no further (IPOP)",
        {.min = 0, .max = 9, .unit = "restarts"});
  });
}

// A search around the policy as it stands.
Ipop CmaEs::around_policy() const {
  const EvolutionOptions& o = options_.search.evolution;
  return {policy_->point(), {o.sigma, o.population, options_.restarts, options_.lazy}};
}

void CmaEs::build(training::Build& b) {
  const auto& [search, lazy, restarts] = options_;
  policy_ = std::make_unique<SearchedPolicy>(search, b);
  core::check(policy_->size() <= most,
              "net: CMA-ES searches at most {} parameters, found {}; take fewer hidden units or openai_es",
              most, policy_->size());
  const int64_t candidates = search.evolution.population << restarts, P = policy_->parameters();
  core::require_memory(4.0 * sizeof(double) * static_cast<double>(candidates) * static_cast<double>(P),
                       fmt::format("cma_es.restarts: {} candidates of the last search", candidates));
  search_ = around_policy();
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  std::vector<training::MetricSpec> terms{
      {"step_size", "", "sigma, the standard deviation of the whole distribution"},
      {"axis_ratio", "", "Longest by shortest axis of the distribution"}};
  if (restarts > 0) terms.push_back({"restarts", "", "Restarts so far"});
  b.update("policy", terms);
}

void CmaEs::step(training::Step& step) {
  if (step.counters().step == 1) search_ = around_policy();  // which train.init_from may have loaded
  search_.tell(policy_->costs(search_.ask(noise_seed_), step));
  const Cma& search = search_.search();
  policy_->move_to(search.mean());
  training::ScalarTerms terms{{"step_size", search.sigma()}, {"axis_ratio", search.axis_ratio()}};
  if (options_.restarts > 0) terms.push_back({"restarts", static_cast<double>(search_.restarts())});
  step.updated("policy", terms);
}

}  // namespace agents

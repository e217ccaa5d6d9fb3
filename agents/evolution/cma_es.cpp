// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/evolution/cma.h).
#include "agents/evolution/cma_es.h"

#include "core/error.h"

namespace agents {

// Searched parameters: the covariance has their square, and its axes take their cube, seconds at this many.
static constexpr size_t most = 500;

void CmaEs::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with Discrete or Box actions and a time limit");
  f.section("net", net, "Policy network; without hidden layers it is linear");
  f.list_section(
      "cma_es",
      [this](core::Fields& own) {
        evolution.fields(own);
        own.add("biases", biases,
                "Whether the network's biases are searched, too; else they stay as they were initialised");
      },
      "CMA-ES's own options");
}

// Where the weights, and the biases if wanted, lie in flatten(net).
static std::vector<size_t> places(const training::NativeMlp& net, bool biases) {
  std::vector<size_t> places;
  size_t offset = 0;
  for (const torch::Tensor& parameter : net->parameters()) {
    const auto size = static_cast<size_t>(parameter.numel());
    if (biases || parameter.dim() > 1)
      for (size_t i = 0; i < size; ++i) places.push_back(offset + i);
    offset += size;
  }
  return places;
}

// A search around the policy as it stands.
Cma CmaEs::around_policy() const {
  const std::vector<double> all = flatten(evolution_->policy());
  std::vector<double> mean;
  for (const size_t place : searched_) mean.push_back(all[place]);
  return {mean, options_.evolution.sigma, options_.evolution.population};
}

void CmaEs::build(training::Build& b) {
  evolution_ = std::make_unique<Evolution>(options_.env, options_.net, options_.evolution, b);
  searched_ = places(evolution_->policy(), options_.biases);
  core::check(searched_.size() <= most,
              "net: CMA-ES searches at most {} parameters, found {}; take fewer hidden units or openai_es",
              most, searched_.size());
  search_ = around_policy();
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  b.update("policy", {{"step_size", "", "sigma, the standard deviation of the whole distribution"},
                      {"axis_ratio", "", "Longest by shortest axis of the distribution"}});
}

// The policies [n, P] whose searched parameters are the rows of `points` [n, d].
std::vector<double> CmaEs::policies(const std::vector<double>& points) const {
  const std::vector<double> all = flatten(evolution_->policy());
  const size_t d = searched_.size(), P = all.size(), n = points.size() / d;
  std::vector<double> rows;
  for (size_t k = 0; k < n; ++k) {
    rows.insert(rows.end(), all.begin(), all.end());
    for (size_t i = 0; i < d; ++i) rows[k * P + searched_[i]] = points[k * d + i];
  }
  return rows;
}

void CmaEs::step(training::Step& step) {
  if (step.counters().step == 1) search_ = around_policy();  // which train.init_from may have loaded
  std::vector<double> costs = evolution_->play(policies(search_.ask(noise_seed_)), step);
  for (double& cost : costs) cost = -cost;
  search_.tell(costs);
  assign(evolution_->policy(), policies(search_.mean()));
  step.updated("policy", {{"step_size", search_.sigma()}, {"axis_ratio", search_.axis_ratio()}});
}

}  // namespace agents

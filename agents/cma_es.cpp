// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/cma.h).
#include "agents/cma_es.h"

#include "core/error.h"

namespace agents {

// Searched parameters: the covariance has their square, its axes take their cube: about a second at this
// many.
static constexpr size_t most = 500;

void CmaEs::Options::fields(core::Fields& f) {
  f.chosen("env", env.chosen(), "Environment with Discrete or Box actions and a time limit");
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

void CmaEs::build(training::Build& b) {
  evolution_ = std::make_unique<Evolution>(options_.env, options_.net, options_.evolution, b);
  start_ = flatten(evolution_->policy());
  searched_ = places(evolution_->policy(), options_.biases);
  core::check(searched_.size() <= most,
              "net: CMA-ES searches at most {} parameters, found {}; take fewer hidden units or openai_es",
              most, searched_.size());
  std::vector<double> mean;
  for (const size_t place : searched_) mean.push_back(start_[place]);
  search_ = Cma(mean, options_.evolution.sigma, options_.evolution.population);
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  b.update("policy", {{"step_size", "", "sigma, the standard deviation of the whole distribution"},
                      {"axis_ratio", "", "Longest by shortest axis of the distribution"}});
}

// All parameters [P], where the search has moved its own to `searched` [d].
std::vector<double> CmaEs::with(const double* searched) const {
  std::vector<double> all = start_;
  for (size_t i = 0; i < searched_.size(); ++i) all[searched_[i]] = searched[i];
  return all;
}

void CmaEs::step(training::Step& step) {
  const std::vector<double> asked = search_.ask(noise_seed_);  // [lambda, d]
  std::vector<double> candidates;                              // [lambda, P]
  for (size_t first = 0; first < asked.size(); first += searched_.size()) {
    const std::vector<double> candidate = with(asked.data() + first);
    candidates.insert(candidates.end(), candidate.begin(), candidate.end());
  }
  std::vector<double> costs = evolution_->play(candidates, step);
  for (double& cost : costs) cost = -cost;
  search_.tell(costs);
  assign(evolution_->policy(), with(search_.mean().data()));
  step.updated("policy", {{"step_size", search_.sigma()}, {"axis_ratio", search_.axis_ratio()}});
}

}  // namespace agents

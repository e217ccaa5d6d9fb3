// What all evolution shares: a policy, and candidates for its parameters that play side by side.
#pragma once

#include <optional>
#include <vector>

#include "agents/evolution/population.h"
#include "core/options.h"

namespace agents {

struct EvolutionOptions {
  int64_t population, episodes;
  double sigma;

  void fields(core::Fields& own);
};

class Evolution {
 public:
  // Registers the network as "policy", how it acts, and the metrics. Errors as Population's. `normalize`: the
  // policy sees observations normalised by all that were met so far; Error where they are Discrete.
  Evolution(const envs::Options& env, const training::MlpOptions& net, const EvolutionOptions& options,
            training::Build& build, bool normalize = false);

  // Mean returns [n] of candidates [n, P], over episodes whose starts all of a step share.
  std::vector<double> play(const std::vector<double>& candidates, training::Step& step);
  void evaluate(training::Eval& eval);

  training::NativeMlp policy() const { return policy_; }

 private:
  training::PolicyOutput act(const training::PolicyInput& input);

  envs::Options env_;
  EvolutionOptions options_;
  std::optional<ObservationMoments> moments_;  // where observations are normalised
  Population population_;
  training::NativeMlp policy_{nullptr};
  uint64_t rollout_seed_;
};

}  // namespace agents

// A rollout that a policy plays and its value network judges: what agents of the policy gradient learn from.
#pragma once

#include <optional>
#include <string>

#include "agents/policy_gradient/nets.h"
#include "agents/policy_gradient/recall.h"
#include "agents/rollout.h"
#include "agents/state_noise.h"
#include "core/options.h"

namespace agents {

struct RolloutOptions {
  int64_t num_envs, num_steps;
  double gamma = 0.99, gae_lambda = 0.95;

  int64_t transitions() const { return num_envs * num_steps; }
  void fields(core::Fields& own);
};

// T steps of N environments; transition t * N + n is step t of environment n.
class ValuedRollout {
 public:
  // Registers the networks, streams, environments, how the agent acts, and the metrics of all this. With
  // net.sde the policy explores by noise that lasts.
  ValuedRollout(const std::string& agent, const envs::Options& env, const PolicyNetOptions& net,
                const RolloutOptions& options, training::Build& build);

  // Plays T * N transitions, then estimates their advantages and value targets.
  void collect(training::Step& step);
  // All transitions, [T * N] int64, in random order and one after another; where the networks remember, those
  // of an environment stay together.
  torch::Tensor shuffled();
  torch::Tensor in_order() const;
  // What the nets are asked of the transitions `rows` [B], and what was possible then; undefined: all.
  NetInput input_of(const torch::Tensor& rows) const;
  torch::Tensor mask_of(const torch::Tensor& rows) const;

  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    return nets_.act(input, greedy, std::move(generator));
  }
  ActorCriticNets& nets() { return nets_; }

  int64_t transitions() const { return rollout_.length() * rollout_.size(); }
  torch::Tensor actions() const { return rollout_.actions(); }           // [T, N] or [T, N, A]
  const torch::Tensor& log_probs() const { return log_probs_; }          // [T, N], when they were taken
  const torch::Tensor& values() const { return values_; }                // [T + 1, N], likewise
  const torch::Tensor& advantages() const { return advantages_; }        // [T, N]
  const torch::Tensor& value_targets() const { return value_targets_; }  // [T, N]: advantage + value

 private:
  void build_state_noise(int64_t every, training::Build& build);
  void play(training::Step& step);
  const float* lasting_noise(int64_t t);
  void restart_noise(int64_t t);
  torch::Tensor remember(int64_t t, const training::PolicyInput& seen);
  void end_episodes(int64_t t);
  void estimate_values();
  void compute_advantages();

  RolloutOptions options_;
  Rollout rollout_;
  ActorCriticNets nets_;
  std::optional<Recall> recall_;           // where they remember
  std::optional<StateNoise> state_noise_;  // where it lasts
  torch::Tensor lasting_;                  // [N, A], what it makes of the latest step
  torch::Generator actions_, order_;
  torch::Tensor inputs_;  // the rollout's observations, rows [(T + 1) * N, O] or [(T + 1) * N]
  torch::Tensor masks_;   // and what was possible, [T * N, A]; undefined: all
  torch::Tensor log_probs_, values_, advantages_, value_targets_;
  torch::Tensor final_values_;  // [T, N]
};

}  // namespace agents

// What PPO and A2C share: a policy and a value network that play rollouts, estimate advantages, and descend a
// loss that is given row by row.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agents/policy_gradient/nets.h"
#include "agents/policy_gradient/recall.h"
#include "agents/rollout.h"
#include "core/options.h"

namespace agents {

struct ActorCriticOptions {
  int64_t num_envs, num_steps;
  double gamma = 0.99, gae_lambda = 0.95, value_coef = 0.5, entropy_coef = 0;
  bool normalize_advantage = true;
  StateNoiseOptions exploration;

  void fields(core::Fields& own);
};

// One transition of the rollout as the loss sees it.
struct Transition {
  float log_prob, old_log_prob;    // of the action taken: now, and when it was taken
  float advantage;                 // normalised over the batch where the options say so
  float value, old_value, target;  // V(s) now and when it was played; advantage + old value
};
// What a loss answers: its terms, to be minimised, and their slopes.
struct RowLoss {
  float surrogate, value_loss;
  float d_log_prob, d_value;  // of the surrogate along log_prob, of the value loss along value
  bool clipped = false;       // the surrogate has no slope any more
};

class ActorCritic {
 public:
  using Loss = std::function<RowLoss(const Transition&)>;
  // Means over the rows of a batch.
  struct Terms {
    double surrogate = 0, value_loss = 0, entropy = 0, kl = 0, clip_fraction = 0;
  };

  // Registers the networks, one update "actor_critic", streams, environments and metrics. `batch`: the most
  // transitions behind one update; networks that remember learn from whole sequences.
  ActorCritic(const std::string& agent, const envs::Options& env, const PolicyNetOptions& net,
              const ActorCriticOptions& options, int64_t batch, training::Build& build);

  // Plays a rollout of T * N transitions, then estimates their advantages and value targets.
  void collect_rollout(training::Step& step);
  // One update over the B transitions at `rows` (t * N + n), taken from one of the two orders below.
  Terms update(training::Step& step, const int64_t* rows, int64_t B, const Loss& loss);
  // All transitions, [T * N] int64, in random order and one after another; where the networks remember, those
  // of an environment stay together.
  torch::Tensor shuffled();
  torch::Tensor in_order() const;
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    return nets_.act(input, greedy, std::move(generator));
  }

  int64_t transitions() const { return rollout_.length() * rollout_.size(); }
  const Rollout& rollout() const { return rollout_; }

 private:
  void play(training::Step& step);
  void build_state_noise(int64_t every, training::Build& build);
  const float* lasting_noise(int64_t t);
  void restart_noise(int64_t t);
  torch::Tensor remember(int64_t t, const training::PolicyInput& seen);
  void end_episodes(int64_t t);
  NetInput input_of(const torch::Tensor& rows) const;
  void estimate_values();
  void compute_advantages();
  Terms accumulate_gradients(const torch::Tensor& outputs, const torch::Tensor& values, const int64_t* rows,
                             const Loss& loss);
  void set_advantage_scale(const int64_t* rows, int64_t B);

  ActorCriticOptions options_;
  Rollout rollout_;
  ActorCriticNets nets_;
  std::optional<Recall> recall_;           // where they remember
  std::optional<StateNoise> state_noise_;  // where it lasts
  torch::Tensor lasting_;                  // [N, A], what it makes of the latest step
  torch::Generator actions_, order_;
  torch::Tensor inputs_;  // the rollout's observations, rows [(T + 1) * N, O] or [(T + 1) * N]
  torch::Tensor masks_;   // and what was possible, [T * N, A]; undefined: all
  torch::Tensor log_probs_, advantages_, targets_, final_values_;  // [T, N]
  torch::Tensor values_;                                           // [T + 1, N]
  torch::Tensor d_outputs_, d_values_;                             // [B, width], [B]
  float shift_ = 0, scale_ = 1;                                    // of the batch's advantages
};

}  // namespace agents

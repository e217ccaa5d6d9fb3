// What PPO and A2C share: a policy and a value network that play rollouts, estimate advantages, and descend a
// loss that is given row by row.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agents/actor.h"
#include "agents/rollout.h"
#include "core/options.h"

namespace agents {

struct ActorCriticOptions {
  int64_t num_envs, num_steps;
  double gamma = 0.99, gae_lambda = 0.95, value_coef = 0.5, entropy_coef = 0;
  bool normalize_advantage = true;

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

  // Registers the networks as "policy" and "value", one update "actor_critic", streams, environments and
  // metrics. `batch`: the most transitions behind one update.
  ActorCritic(const std::string& agent, const envs::Options& env, const training::MlpOptions& net,
              const ActorCriticOptions& options, int64_t batch, training::Build& build);

  // Plays a rollout of T * N transitions, then estimates their advantages and value targets.
  void collect_rollout(training::Step& step);
  // One update over the B transitions at `rows` (t * N + n).
  Terms update(training::Step& step, const int64_t* rows, int64_t B, const Loss& loss);
  // A random order of all transitions, [T * N] int64.
  torch::Tensor shuffled();
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  int64_t transitions() const { return rollout_.length() * rollout_.size(); }
  Actor actor() { return actor_; }
  const Rollout& rollout() const { return rollout_; }

 private:
  void play(training::Step& step);
  void compute_advantages();
  Terms accumulate_gradients(const torch::Tensor& outputs, const torch::Tensor& values, const int64_t* rows,
                             const Loss& loss);
  void set_advantage_scale(const int64_t* rows, int64_t B);

  ActorCriticOptions options_;
  Rollout rollout_;
  Actor actor_{nullptr};
  training::NativeMlp critic_{nullptr};
  torch::Generator actions_, order_;
  torch::Tensor inputs_;  // the rollout's observations, rows [(T + 1) * N, O] or [(T + 1) * N]
  torch::Tensor masks_;   // and what was possible, [T * N, A]; undefined: all
  torch::Tensor log_probs_, advantages_, targets_;  // [T, N]
  torch::Tensor values_;                            // [T + 1, N]
  torch::Tensor d_outputs_, d_values_;              // [B, K], [B, 1]
  float shift_ = 0, scale_ = 1;                     // of the batch's advantages
};

}  // namespace agents

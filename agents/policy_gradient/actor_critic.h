// What PPO and A2C share: a policy and a value network that descend, after each rollout of theirs, a loss
// that is given row by row.
#pragma once

#include <functional>
#include <string>

#include "agents/policy_gradient/valued_rollout.h"

namespace agents {

struct ActorCriticOptions {
  RolloutOptions rollout;
  StateNoiseOptions exploration;
  double value_coef = 0.5, entropy_coef = 0;
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

  // Registers what a ValuedRollout does, and one update "actor_critic". `batch`: the most transitions behind
  // one update; networks that remember learn from whole sequences.
  ActorCritic(const std::string& agent, const envs::Options& env, const PolicyNetOptions& net,
              const ActorCriticOptions& options, int64_t batch, training::Build& build);

  ValuedRollout& played() { return played_; }
  // One update over the B transitions at `rows` (t * N + n), taken from one of the rollout's two orders.
  Terms update(training::Step& step, const int64_t* rows, int64_t B, const Loss& loss);
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator) {
    return played_.act(input, greedy, std::move(generator));
  }

 private:
  Terms accumulate_gradients(const torch::Tensor& outputs, const torch::Tensor& values, const int64_t* rows,
                             const Loss& loss);
  void set_advantage_scale(const int64_t* rows, int64_t B);

  ActorCriticOptions options_;
  ValuedRollout played_;
  torch::Tensor d_outputs_, d_values_;  // [B, width], [B]
  float shift_ = 0, scale_ = 1;         // of the batch's advantages
};

}  // namespace agents

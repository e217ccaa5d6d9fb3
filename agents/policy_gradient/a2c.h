// A2C (Mnih et al. 2016, synchronous): ascend log pi(a|s) A - c1 (V - R)^2 + c2 H after every few steps.
#pragma once

#include <memory>

#include "agents/policy_gradient/actor_critic.h"
#include "training/loop/table.h"

namespace agents {

// The loss of one transition.
RowLoss a2c_loss(const Transition& transition);

class A2c : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{
        .mlp = {.hidden = {64, 64}, .activation = "tanh", .init = "orthogonal", .out_gain = 0.01}};
    ActorCriticOptions actor_critic{.rollout = {.num_envs = 8, .num_steps = 5, .gae_lambda = 1},
                                    .normalize_advantage = false};

    void fields(core::Fields& f);
  };

  explicit A2c(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  Options options_;
  std::unique_ptr<ActorCritic> actor_critic_;
  torch::Tensor rows_;  // [T * N] int64: all of the rollout
};

}  // namespace agents

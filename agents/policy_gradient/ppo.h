// PPO (Schulman et al. 2017, eq. 7 and 9): maximise E[min(r A, clip(r, 1 - eps, 1 + eps) A)] - c1 (V - R)^2 +
// c2 H.
#pragma once

#include <memory>

#include "agents/policy_gradient/actor_critic.h"
#include "training/loop/table.h"

namespace agents {

// The loss of one transition. value_clip 0: the value may move as far as it likes.
RowLoss ppo_loss(const Transition& transition, float clip, float value_clip);

class Ppo : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{
        .mlp = {.hidden = {64, 64}, .activation = "tanh", .init = "orthogonal", .out_gain = 0.01}};
    ActorCriticOptions actor_critic{.rollout = {.num_envs = 4, .num_steps = 128}};
    int64_t epochs = 4, minibatch_size = 128;
    double clip = 0.2, value_clip = 0, kl_stop = 0;
    bool anneal_clip = false;

    void fields(core::Fields& f);
  };

  explicit Ppo(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  Options options_;
  std::unique_ptr<ActorCritic> actor_critic_;
};

}  // namespace agents

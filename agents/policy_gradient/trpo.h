// TRPO (Schulman, Levine, Moritz, Jordan & Abbeel 2015, eq. 14): maximise E[r A], r = pi(a|s) / pi_old(a|s),
// subject to E[KL(pi_old || pi)] <= delta; then fit the value network to the returns.
#pragma once

#include <memory>

#include "agents/policy_gradient/trust_region.h"
#include "agents/policy_gradient/valued_rollout.h"
#include "training/loop/table.h"

namespace agents {

class Trpo : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{
        .mlp = {.hidden = {64, 64}, .activation = "tanh", .init = "orthogonal", .out_gain = 0.01}};
    RolloutOptions rollout{.num_envs = 2, .num_steps = 1024};
    TrustRegionOptions region;
    bool normalize_advantage = true;
    int64_t value_epochs = 10, minibatch_size = 128;

    void fields(core::Fields& f);
  };

  explicit Trpo(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  PolicyBatch batch() const;
  void move_policy(training::Step& step);
  void fit_values(training::Step& step);
  void fit_values(const torch::Tensor& rows, training::Step& step);

  Options options_;
  std::unique_ptr<ValuedRollout> played_;
};

}  // namespace agents

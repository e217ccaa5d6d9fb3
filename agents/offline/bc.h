// Behaviour cloning (Pomerleau 1991): a policy that does what was recorded, by maximum likelihood, without an
// environment to learn in.
#pragma once

#include <memory>

#include "agents/actor.h"
#include "agents/offline/demonstrations.h"
#include "training/loop/table.h"

namespace agents {

class BehaviourCloning : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net;
    DemonstrationOptions demonstrations;
    int64_t batch_size = 64;

    void fields(core::Fields& f);
  };

  explicit BehaviourCloning(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  // Of a batch: -log likelihood, mean, and the share of actions that the policy thinks most likely
  // (Discrete).
  struct Fit {
    double loss = 0, accuracy = 0;
  };

  void build_data(training::Build& build);
  Fit fit(const torch::Tensor& outputs, const torch::Tensor& actions) const;
  void evaluate_held_out(training::Eval& eval);

  Options options_;
  envs::Spec spec_;
  Actor actor_{nullptr};
  std::unique_ptr<training::Source> source_;  // of a learner
  training::Dataset valid_;                   // likewise
  torch::Tensor d_outputs_;                   // [B, K]
};

}  // namespace agents

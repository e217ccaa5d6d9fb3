// Value iteration (Bellman 1957): V(s) = max_a sum p (r + gamma V(s')), sweep by sweep over a known table.
#pragma once

#include "agents/tabular/state_table.h"
#include "envs/all.h"
#include "training/loop/table.h"

namespace agents {

class ValueIteration : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    double gamma = 0.99;

    void fields(core::Fields& f);
  };

  explicit ValueIteration(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  training::PolicyOutput act(const training::PolicyInput& input) const;

  Options options_;
  envs::Transitions table_;
  StateTable values_{nullptr};  // [S]
};

}  // namespace agents

// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/evolution/cma.h).
#pragma once

#include <memory>
#include <vector>

#include "agents/evolution/cma.h"
#include "agents/evolution/evolution.h"
#include "training/loop/table.h"

namespace agents {

class CmaEs : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {}, .init = "orthogonal", .out_gain = 0.01};
    EvolutionOptions evolution{.population = 16, .episodes = 4, .sigma = 0.5};
    bool biases = false;

    void fields(core::Fields& f);
  };

  explicit CmaEs(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { evolution_->evaluate(eval); }

 private:
  Cma around_policy() const;
  std::vector<double> policies(const std::vector<double>& points) const;

  Options options_;
  std::unique_ptr<Evolution> evolution_;
  std::vector<size_t> searched_;  // [d], which of the policy's parameters the search moves
  Cma search_;                    // the policy stands at its mean
  uint64_t noise_seed_ = 0;
};

}  // namespace agents

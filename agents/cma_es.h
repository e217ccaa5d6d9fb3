// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/cma.h).
#pragma once

#include "agents/cma.h"
#include "agents/population.h"
#include "training/table.h"

namespace agents {

class CmaEs : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {}, .init = "orthogonal", .out_gain = 0.01};
    int64_t population = 16;
    int64_t episodes = 4;
    double sigma = 0.5;

    void fields(core::Fields& f);
  };

  explicit CmaEs(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  Options options_;
  std::unique_ptr<Population> population_;
  training::NativeMlp policy_{nullptr};  // at the search's mean
  Cma search_;
  uint64_t noise_seed_ = 0, rollout_seed_ = 0;
};

}  // namespace agents

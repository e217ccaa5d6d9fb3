// SAC (Haarnoja et al. 2018, arXiv 1812.05905): a policy that maximises the expected sum of r + alpha H(pi(.
// | s)), learned from replayed transitions by two critics; alpha follows from how much entropy is wanted.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agents/continuous/critics.h"
#include "agents/continuous/experience.h"
#include "agents/continuous/soft_actor.h"
#include "training/loop/table.h"

namespace agents {

class Sac : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {256, 256}}};
    ReplayOptions replay;
    TargetOptions targets;
    EntropyOptions entropy;
    StateNoiseOptions exploration;

    void fields(core::Fields& f);
  };

  explicit Sac(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void learn(training::Step& step);
  void estimate_targets();
  void update_actor(training::Step& step);

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<SoftActor> actor_;
  std::optional<Critics> critics_;  // two
  std::vector<float> targets_;      // [B], kept
};

}  // namespace agents

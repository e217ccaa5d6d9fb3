// TQC (Kuznetsov, Shvechikov, Grishin & Vetrov 2020, arXiv 2005.04269, eq. 11): SAC whose critics say how
// returns are distributed, as quantiles. Of all of theirs, pooled, targets leave out the largest.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agents/continuous/critics.h"
#include "agents/continuous/experience.h"
#include "agents/continuous/soft_actor.h"
#include "training/loop/table.h"

namespace agents {

class Tqc : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {256, 256}}};
    ReplayOptions replay;
    TargetOptions targets;
    EntropyOptions entropy;
    StateNoiseOptions exploration;
    int64_t critics = 5, quantiles = 25, drop = 2;

    void fields(core::Fields& f);
  };

  explicit Tqc(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void learn(training::Step& step);
  void estimate_targets();
  void update_critics(training::Step& step);
  void update_actor(training::Step& step);
  int64_t kept() const { return options_.critics * (options_.quantiles - options_.drop); }

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<SoftActor> actor_;
  std::optional<Critics> critics_;
  // Memory of one step, kept.
  std::vector<float> pool_;     // [critics * quantiles]
  std::vector<float> worth_;    // [B], of the entropy
  std::vector<float> targets_;  // [B, kept()]
};

}  // namespace agents

// DDPG (Lillicrap et al. 2016, arXiv 1509.02971, algorithm 1): a deterministic policy climbs the slope of a
// critic that is learned from replayed transitions, both with targets that follow slowly.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agents/continuous/action_noise.h"
#include "agents/continuous/critics.h"
#include "agents/continuous/deterministic_actor.h"
#include "agents/continuous/experience.h"
#include "training/loop/table.h"

namespace agents {

class Ddpg : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {400, 300}}};
    ReplayOptions replay{.batch_size = 64, .learning_starts = 1000};
    ActionNoiseOptions exploration{.noise = "ornstein_uhlenbeck", .noise_deviation = 0.2};
    TargetOptions targets{.tau = 0.001};

    void fields(core::Fields& f);
  };

  explicit Ddpg(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void learn(training::Step& step);
  void estimate_targets();

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<DeterministicActor> actor_;
  std::optional<Critics> critic_;  // one
  std::optional<ActionNoise> noise_;
  std::vector<float> targets_;  // [B], kept
};

}  // namespace agents

// TD3 (Fujimoto, van Hoof & Meger 2018, arXiv 1802.09477, algorithm 1): DDPG that does not trust its critic.
// The smaller of two values counts, at actions that noise smooths, and the policy and all targets move at
// every d-th update only.
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

// Target policy smoothing (section 5.3) of one number of an action: action + clip(deviation z, -c, c), within
// -1 .. 1.
float smoothed(float action, float z, float deviation, float clip);

class Td3 : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {400, 300}}};
    ReplayOptions replay{.batch_size = 100, .learning_starts = 1000};
    ActionNoiseOptions exploration;
    TargetOptions targets;
    double target_noise = 0.2, target_noise_clip = 0.5;
    int64_t policy_delay = 2;

    void fields(core::Fields& f);
  };

  explicit Td3(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void learn(training::Step& step);
  void estimate_targets();

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<DeterministicActor> actor_;
  std::optional<Critics> critics_;  // two
  std::optional<ActionNoise> noise_;
  torch::Generator smoothing_random_;
  // Memory of one step, kept.
  torch::Tensor smoothing_;     // [B, A]
  std::vector<float> targets_;  // [B]
};

}  // namespace agents

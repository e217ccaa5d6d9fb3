// One environment, played a transition at a time: what it shows and allows, before each action and after it.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "agents/action_mask.h"
#include "core/archive.h"
#include "core/random.h"
#include "envs/all.h"
#include "training/loop/learner.h"

namespace agents {

// Its actions are Discrete.
class SingleEnv {
 public:
  struct Outcome {
    double reward;
    bool terminated, ended;  // by the task; by that or by time
  };

  explicit SingleEnv(const envs::Options& options);
  // Resets it, seeds what the agent explores by, and registers both, and what it shows, as state.
  void begin(core::Pcg64& exploration, training::Build& build);
  // Takes an action, and logs the episode that ends with it.
  Outcome play(int64_t action, training::Step& step);

  const envs::Spec& spec() const { return env_->spec(); }
  envs::Envs& envs() { return *env_; }
  // Now, and what the latest action led to: the last of an episode that ended there, else the same.
  const std::byte* observation() const { return observation_.data(); }
  const std::byte* next_observation() const { return ended_ ? final_.data() : observation_.data(); }
  // What is possible at either moment; null: everything.
  MaskRow mask();
  MaskRow next_mask();

 private:
  void observation_state(core::Archive& archive);

  std::unique_ptr<envs::Envs> env_;
  std::vector<std::byte> observation_, final_;  // now; the last of an episode that ended
  std::vector<uint8_t> mask_, final_mask_;      // [A]; empty: all is possible
  bool ended_ = false;                          // with the latest action
};

}  // namespace agents

// The first seam: N copies of one environment, stepped at once into memory that the caller owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/archive.h"
#include "core/canvas.h"
#include "envs/space.h"

namespace envs {

// The facts of one environment.
struct Spec {
  std::string id;  // verbatim Gymnasium's where it is one of Gymnasium's
  Space observation, action;
  int64_t max_episode_steps = 0;           // 0: no time limit
  std::optional<double> reward_threshold;  // mean return at which the task counts as solved
  double fps = 30;                         // frames per second at which it looks natural
  bool action_mask = false;                // whether Envs::action_mask tells which actions do something
};

// What one step of one environment gives besides its new state. 4 bytes each: a bool here would keep the loop
// over environments from being vectorised.
struct Outcome {
  float reward;
  int32_t terminated;  // 0 or 1
};

// How an environment takes part in a step.
enum class StepMode : uint8_t {
  skip,  // not at all: its rows of StepOut are left alone
  step,
  truncate  // and its episode ends with this step
};

// N actions: one of the two, by Spec::action. Row-major [N] or [N, A].
struct Actions {
  const int64_t* discrete = nullptr;  // [N] (Discrete) or [N, K] (MultiDiscrete)
  const float* continuous = nullptr;  // [N, A]
  const StepMode* mode = nullptr;     // [N]; null: all step
};

// Where the results of one step go: the caller's memory, N environments, row-major. Pointers marked "or null"
// may be null when the caller does not want them.
struct StepOut {
  std::byte* obs = nullptr;           // [N, O]; after autoreset: the first observation of the next episode
  float* reward = nullptr;            // [N]
  uint8_t* terminated = nullptr;      // [N] 0/1: the task ended
  uint8_t* truncated = nullptr;       // [N] 0/1: the time limit ended it; both may be 1
  std::byte* final_obs = nullptr;     // [N, O], written only where an episode ended; or null
  double* episode_return = nullptr;   // [N], written only where an episode ended; or null
  int64_t* episode_length = nullptr;  // [N], written only where an episode ended; or null
  // [N, n], written only where an episode ended, if Spec has action_mask: what could have been done then; or
  // null.
  uint8_t* final_action_mask = nullptr;
};

// Same-step autoreset (Gymnasium's SAME_STEP): the step that ends an episode returns the next episode's first
// observation in `obs` and the ended one's last in `final_obs`.
class Envs {
 public:
  virtual ~Envs() = default;
  virtual const Spec& spec() const = 0;
  virtual int64_t size() const = 0;  // N
  // Starts N new episodes; environment i is seeded with seed + i, as Gymnasium's vector environments. obs:
  // [N, O].
  virtual void reset(uint64_t seed, std::byte* obs) = 0;
  // An action outside the space is an Error that names it and changes nothing; a Box action may lie outside
  // its bounds, where the environment clips it as Gymnasium's do, but must be finite. No allocation.
  virtual void step(const Actions& actions, const StepOut& out) = 0;
  // Where Spec has action_mask: 1 for each Discrete action that may change something as all stands now, after
  // a reset or a step, and 0 for each that cannot. mask: [N, n].
  virtual void action_mask(uint8_t* /*mask*/) const {}
  // Draws environment i as it stands, in world units.
  virtual void draw(int64_t i, core::Canvas& canvas) const = 0;
  // On from the start. Off: an environment whose episode ended stays, and is drawn, as it ended until
  // reset(). For viewers: what is stepped further is nobody's episode.
  virtual void autoreset(bool /*on*/) {}
  // With autoreset off: begins the next episode of environment i as autoreset would have; its first
  // observation goes into row i of obs [N, O].
  virtual void next_episode(int64_t i, std::byte* obs) = 0;
  // Saves or restores everything, random generators too: what follows a restore equals what followed the
  // save.
  virtual void state(core::Archive& archive) = 0;
};

// A hand-written reference policy: reads one observation [O], writes one action (discrete or [A]).
struct ActionOut {
  int64_t* discrete = nullptr;
  float* continuous = nullptr;
};
using Controller = std::function<void(const std::byte* obs, ActionOut action)>;

}  // namespace envs

// What both holders keep of every running episode (age, return) and check before every step (the actions).
#pragma once

#include <cstdint>
#include <vector>

#include "envs/envs.h"

namespace envs {

struct Episodes {
  Episodes(int64_t n, int64_t max_steps);

  void begin(size_t i) {
    age[i] = 0;
    returns[i] = 0;
  }
  // Writes the ended episode's statistics where the caller wants them.
  void end(size_t i, const StepOut& out) const {
    if (out.episode_return) out.episode_return[i] = returns[i];
    if (out.episode_length) out.episode_length[i] = age[i];
  }
  void state(core::Archive& archive);

  int32_t limit;                // steps until truncation; without a time limit one that nobody lives to see
  std::vector<int32_t> age;     // [N] steps since the episode began
  std::vector<double> returns;  // [N] sum of the float32 rewards since then
};

// Every Discrete or MultiDiscrete element must be one of its choices; Box elements must be numbers: what lies
// outside the bounds is clipped by the environment, as Gymnasium's do. Otherwise an Error names the row
// ("environment 3"), action and space.
void check_actions(const Spec& spec, int64_t n, const Actions& actions, const char* row_name = "environment");

// Saves a flag, or reads it: 0 or 1.
bool restored_flag(core::Archive& archive, const std::string& name, bool flag);

// Caller's flags: `started` is false until reset or a restored state.
void check_started(const Spec& spec, bool started);

}  // namespace envs

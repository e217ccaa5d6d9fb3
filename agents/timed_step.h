// A step of environments that learners learn from, counted as data in the profile of the run.
#pragma once

#include "envs/envs.h"
#include "training/profile.h"

namespace agents {

inline void step_timed(envs::Envs& envs, const envs::Actions& actions, const envs::StepOut& out) {
  const training::Timed timed(training::Part::data);
  envs.step(actions, out);
}

}  // namespace agents

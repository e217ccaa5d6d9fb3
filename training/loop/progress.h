// How far a run is: the counters, and questions about durations that are pure functions of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/duration.h"

namespace training {

struct Counters {
  int64_t step = 0;                        // learner steps: the x-axis, strictly monotone
  int64_t env_steps = 0;                   // environment transitions gathered for learning
  int64_t samples = 0;                     // data rows drawn for learning
  double epoch = 0;                        // passes over the data
  double wall_s = 0;                       // seconds of training, over all sittings of the run
  std::map<std::string, int64_t> updates;  // optimiser steps by update name

  double of(core::Unit unit) const;  // Unit::run is not a counter: asked only for resolved durations
};

// True when a multiple of `every` was passed between `before` and `after`; never for amount 0.
bool passed(const core::Duration& every, const Counters& before, const Counters& after);
// 0 .. 1, the share of `budget` that is used.
double fraction(const core::Duration& budget, const Counters& now);

}  // namespace training

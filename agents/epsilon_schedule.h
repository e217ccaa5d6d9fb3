// How probable a random action is as a run goes on, for agents that take one instead of the best with
// probability epsilon (Watkins 1989, epsilon-greedy).
#pragma once

#include "core/options.h"

namespace agents {

struct EpsilonSchedule {
  double start = 1, end = 0.05, share = 0.5;

  // epsilon_start, epsilon_end, epsilon_share.
  void fields(core::Fields& own);
  // Of the time in which it falls, what is over when `progress` of the budget is: 0 .. 1.
  double over(double progress) const;
  // Epsilon when `fallen` of its way from start to end is behind it.
  double at(double fallen) const { return start + (end - start) * fallen; }
};

}  // namespace agents

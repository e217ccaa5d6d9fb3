#include "agents/epsilon_schedule.h"

#include <algorithm>

namespace agents {

void EpsilonSchedule::fields(core::Fields& own) {
  own.add("epsilon_start", start, "Probability of a random action when the run begins", {.min = 0, .max = 1});
  own.add("epsilon_end", end, "The same at the end, and of the sampled policy in evaluations",
          {.min = 0, .max = 1});
  own.add("epsilon_share", share, "Time from the first to the last",
          {.min = 0, .max = 1, .unit = "share of budget"});
}

double EpsilonSchedule::over(double progress) const {
  return share > 0 ? std::min(1.0, progress / share) : 1;
}

}  // namespace agents

// What a search found out about one move.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace agents {

struct Plan {
  std::vector<float> visits;  // [A] each action's share of the root's visits; 0 where it is impossible
  double value = 0;           // what the action that was tried most is expected to bring
};

// The first of those that were tried most.
inline int64_t most_tried(const Plan& plan) {
  return std::max_element(plan.visits.begin(), plan.visits.end()) - plan.visits.begin();
}

}  // namespace agents

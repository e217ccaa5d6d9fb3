// Best values of a table by dynamic programming, for the environments' tests: theirs alone, so that what the
// agents compute is not asked.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "envs/transitions.h"

namespace tests {

// max over actions of sum p (r + gamma V(s')), where V is 0 after an end.
inline double best_value(const envs::Transitions& table, const std::vector<double>& values, int64_t state,
                         double gamma) {
  double best = -1e300;
  for (int64_t a = 0; a < table.actions; ++a) {
    double sum = 0;
    for (const auto& o : table.of(state, a))
      sum += o.probability * (o.reward + (o.terminated ? 0 : gamma * values[size_t(o.next)]));
    best = std::max(best, sum);
  }
  return best;
}

// V* by value iteration, to 1e-12; with gamma 1 of worlds that all end by themselves.
inline std::vector<double> optimal(const envs::Transitions& table, double gamma = 1) {
  std::vector<double> values(size_t(table.states));
  for (double moved = 1; moved > 1e-12;) {
    moved = 0;
    for (int64_t s = 0; s < table.states; ++s) {
      const double best = best_value(table, values, s, gamma);
      moved = std::max(moved, std::abs(best - values[size_t(s)]));
      values[size_t(s)] = best;
    }
  }
  return values;
}

// The best expected return of `steps` steps from each state.
inline std::vector<double> best_returns(const envs::Transitions& table, int64_t steps) {
  std::vector<double> values(size_t(table.states)), before;
  for (int64_t t = 0; t < steps; ++t) {
    before = values;
    for (int64_t s = 0; s < table.states; ++s) values[size_t(s)] = best_value(table, before, s, 1);
  }
  return values;
}

}  // namespace tests

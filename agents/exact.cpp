#include "agents/exact.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace agents {

double action_value(const envs::Transitions& table, const StateValues& values, int64_t state, int64_t action,
                    double gamma) {
  double sum = 0;
  for (const envs::Transition& o : table.of(state, action))
    sum += o.probability * (o.reward + (o.terminated ? 0 : gamma * values[static_cast<size_t>(o.next)]));
  return sum;
}

static int64_t best_action(const envs::Transitions& table, const StateValues& values, int64_t state,
                           double gamma) {
  int64_t best = 0;
  for (int64_t a = 1; a < table.actions; ++a)
    if (action_value(table, values, state, a, gamma) > action_value(table, values, state, best, gamma))
      best = a;
  return best;
}

double best_value(const envs::Transitions& table, const StateValues& values, int64_t state, double gamma) {
  return action_value(table, values, state, best_action(table, values, state, gamma), gamma);
}

// Sweeps, in place, until no value moves.
template <class Backup>
static StateValues fixed_point(const envs::Transitions& table, double gamma, Backup&& backup) {
  core::check(gamma < 1, "values without an end need a discount below 1, found {}", gamma);
  StateValues values(static_cast<size_t>(table.states));
  for (double moved = 1; moved > 1e-12 * (1 - gamma);) {
    moved = 0;
    for (int64_t s = 0; s < table.states; ++s) {
      const double before = std::exchange(values[static_cast<size_t>(s)], backup(values, s));
      moved = std::max(moved, std::abs(values[static_cast<size_t>(s)] - before));
    }
  }
  return values;
}

StateValues optimal_values(const envs::Transitions& table, double gamma) {
  return fixed_point(table, gamma, [&](const StateValues& values, int64_t state) {
    return best_value(table, values, state, gamma);
  });
}

StateValues policy_values(const envs::Transitions& table, const StatePolicy& policy, double gamma) {
  return fixed_point(table, gamma, [&](const StateValues& values, int64_t state) {
    return action_value(table, values, state, policy[static_cast<size_t>(state)], gamma);
  });
}

StatePolicy greedy_policy(const envs::Transitions& table, const StateValues& values, double gamma) {
  StatePolicy policy;
  for (int64_t s = 0; s < table.states; ++s) policy.push_back(best_action(table, values, s, gamma));
  return policy;
}

double start_value(const envs::Transitions& table, const StateValues& values) {
  return std::inner_product(values.begin(), values.end(), table.initial.begin(), 0.0);
}

// Forwards: where the episode may be after each step.
double expected_return(const envs::Transitions& table, const StatePolicy& policy, int64_t limit) {
  std::vector<double> there = table.initial, next(there.size());
  double sum = 0, open = 1;
  for (int64_t t = 0; t < limit && open > 0; ++t, there.swap(next)) {
    std::fill(next.begin(), next.end(), 0.0);
    for (size_t s = 0; s < there.size(); ++s)
      for (const envs::Transition& o : table.of(static_cast<int64_t>(s), policy[s])) {
        const double p = there[s] * o.probability;
        sum += p * o.reward;
        if (!o.terminated) next[static_cast<size_t>(o.next)] += p;
      }
    open = std::accumulate(next.begin(), next.end(), 0.0);
  }
  return sum;
}

// Backwards: the value of each state with so many steps to go.
double best_expected_return(const envs::Transitions& table, int64_t limit) {
  StateValues values(static_cast<size_t>(table.states)), before = values;
  for (int64_t to_go = 1; to_go <= limit; ++to_go) {
    before.swap(values);
    for (int64_t s = 0; s < table.states; ++s)
      values[static_cast<size_t>(s)] = best_value(table, before, s, 1);
    if (values == before) break;
  }
  return start_value(table, values);
}

}  // namespace agents

#include "agents/exact.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace agents {

double action_value(const envs::Transitions& table, std::span<const double> values, int64_t state,
                    int64_t action, double gamma) {
  double sum = 0;
  for (const envs::Transition& o : table.of(state, action))
    sum += o.probability * (o.reward + (o.terminated ? 0 : gamma * values[static_cast<size_t>(o.next)]));
  return sum;
}

int64_t best_action(const envs::Transitions& table, std::span<const double> values, int64_t state,
                    double gamma) {
  int64_t best = 0;
  for (int64_t a = 1; a < table.actions; ++a)
    if (action_value(table, values, state, a, gamma) > action_value(table, values, state, best, gamma))
      best = a;
  return best;
}

// V(s) = what `action_of` takes there, state by state.
template <class F>
static double sweep(const envs::Transitions& table, std::span<double> values, double gamma, F&& action_of) {
  double moved = 0;
  for (int64_t s = 0; s < table.states; ++s) {
    double& value = values[static_cast<size_t>(s)];
    const double before = std::exchange(value, action_value(table, values, s, action_of(s), gamma));
    moved = std::max(moved, std::abs(value - before));
  }
  return moved;
}

double sweep(const envs::Transitions& table, std::span<double> values, double gamma) {
  return sweep(table, values, gamma, [&](int64_t s) { return best_action(table, values, s, gamma); });
}

std::vector<uint8_t> action_mask(const envs::Transitions& table) {
  std::vector<uint8_t> mask;
  for (int64_t s = 0; s < table.states; ++s)
    for (int64_t a = 0; a < table.actions; ++a) {
      const auto& outcomes = table.of(s, a);
      mask.push_back(
          std::any_of(outcomes.begin(), outcomes.end(), [s](const auto& o) { return o.next != s; }));
    }
  return mask;
}

static double tolerance(double gamma) {
  core::check(gamma < 1, "values without an end need a discount below 1, found {}", gamma);
  return 1e-10 * (1 - gamma);  // of a change, after which 1e-10 are left to go
}

StateValues optimal_values(const envs::Transitions& table, double gamma) {
  StateValues values(static_cast<size_t>(table.states));
  while (sweep(table, values, gamma) > tolerance(gamma)) {
  }
  return values;
}

StateValues policy_values(const envs::Transitions& table, const StatePolicy& policy, double gamma) {
  StateValues values(static_cast<size_t>(table.states));
  const auto action_of = [&](int64_t s) { return policy[static_cast<size_t>(s)]; };
  while (sweep(table, values, gamma, action_of) > tolerance(gamma)) {
  }
  return values;
}

StatePolicy greedy_policy(const envs::Transitions& table, std::span<const double> values, double gamma) {
  StatePolicy policy;
  for (int64_t s = 0; s < table.states; ++s) policy.push_back(best_action(table, values, s, gamma));
  return policy;
}

double start_value(const envs::Transitions& table, std::span<const double> values) {
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
      values[static_cast<size_t>(s)] = action_value(table, before, s, best_action(table, before, s, 1), 1);
    if (values == before) break;
  }
  return start_value(table, values);
}

}  // namespace agents

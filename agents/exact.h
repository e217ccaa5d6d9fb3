// Exact answers where an environment is a table: dynamic programming (Bellman 1957), no sampling.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/transitions.h"

namespace agents {

using StateValues = std::vector<double>;   // [S]
using StatePolicy = std::vector<int64_t>;  // [S], the action in each state

// sum over outcomes of p (r + gamma V(s')), where V(s') is 0 after a terminated transition. values: [S].
double action_value(const envs::Transitions& table, std::span<const double> values, int64_t state,
                    int64_t action, double gamma);
// The first of the actions for which it is largest.
int64_t best_action(const envs::Transitions& table, std::span<const double> values, int64_t state,
                    double gamma);
// One sweep of value iteration, in place: V(s) = max_a of it, state by state. Returns the largest change.
double sweep(const envs::Transitions& table, std::span<double> values, double gamma);

// What environments that tell masks call possible, [S, A]: 1 for each action that may lead to another state.
std::vector<uint8_t> action_mask(const envs::Transitions& table);

// V* and V of a policy, to 1e-10; gamma < 1.
StateValues optimal_values(const envs::Transitions& table, double gamma);
StateValues policy_values(const envs::Transitions& table, const StatePolicy& policy, double gamma);
// The best action of each state, given the values of all.
StatePolicy greedy_policy(const envs::Transitions& table, std::span<const double> values, double gamma);
// The value of the first state, which the environment draws.
double start_value(const envs::Transitions& table, std::span<const double> values);

// Expected undiscounted return of one episode of at most `limit` steps (with FrozenLake's rewards: the
// probability of reaching the goal): of this policy, and of the best that may also look at the time.
double expected_return(const envs::Transitions& table, const StatePolicy& policy, int64_t limit);
double best_expected_return(const envs::Transitions& table, int64_t limit);

}  // namespace agents

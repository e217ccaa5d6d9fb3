// A table of action values Q(s, a) and of how often each was learned, which says how far the next error moves
// it: alpha_n = learning_rate / n^visit_power (Sutton & Barto 2018, section 2.5).
#pragma once

#include <span>
#include <string>

#include "agents/action_mask.h"
#include "agents/epsilon_schedule.h"
#include "agents/tabular/state_table.h"
#include "core/options.h"
#include "training/loop/learner.h"

namespace agents {

// What all agents with such a table can be told.
struct TabularOptions {
  double gamma = 0.99;
  int64_t num_steps = 100;
  double learning_rate = 1, visit_power = 0.6, initial_value = 0;
  EpsilonSchedule exploration;

  void fields(core::Fields& own);
};

class ActionValues {
 public:
  // S states, A actions; registers "q" and "visits", each followed by `suffix`.
  ActionValues(int64_t S, int64_t A, const TabularOptions& options, const std::string& suffix,
               training::Build& build);

  const torch::Tensor& values() const { return q_->values(); }  // [S, A]
  std::span<const double> row(int64_t state) const { return {q_row(state), static_cast<size_t>(actions_)}; }
  double at(int64_t state, int64_t action) const { return q_row(state)[action]; }
  // The first of the best that are possible.
  int64_t best(int64_t state, MaskRow mask) const { return best_possible(q_row(state), actions_, mask); }
  // Q(s, a) += alpha (target - Q(s, a)); returns the error target - Q(s, a).
  double learn(int64_t state, int64_t action, double target);
  // Q(s, a) = value, of whoever plans with a model.
  void set(int64_t state, int64_t action, double value) { q_row(state)[action] = value; }

 private:
  double* q_row(int64_t state) const { return q_->cells().data() + state * actions_; }

  StateTable q_, visits_;  // [S, A]
  int64_t actions_;
  double learning_rate_, visit_power_;
};

}  // namespace agents

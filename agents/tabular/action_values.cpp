#include "agents/tabular/action_values.h"

#include <cmath>

namespace agents {

void TabularOptions::fields(core::Fields& own) {
  own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
  own.add("num_steps", num_steps, "Transitions of each step, every one of which is learned from",
          {.min = 1, .max = 1e6, .unit = "transitions"});
  own.add("learning_rate", learning_rate, "Share of the error that the first visit of an action learns",
          {.min = 0, .max = 1, .above = true});
  own.add("visit_power", visit_power,
          "The n-th visit learns learning_rate / n^visit_power; 0: a constant rate, above 0.5: one that "
          "settles",
          {.min = 0, .max = 1});
  own.add("initial_value", initial_value,
          "Value of every action before its first visit; above what there is to gain: each is tried",
          {.min = -1e9, .max = 1e9, .unit = "reward"});
  exploration.fields(own);
}

ActionValues::ActionValues(int64_t S, int64_t A, const TabularOptions& options, const std::string& suffix,
                           training::Build& build)
    : q_(std::vector<int64_t>{S, A}, options.initial_value),
      visits_(std::vector<int64_t>{S, A}, 0),
      actions_(A),
      learning_rate_(options.learning_rate),
      visit_power_(options.visit_power) {
  build.module("q" + suffix, *q_);
  build.module("visits" + suffix, *visits_);
  build.counts(visits_->values());
}

double ActionValues::learn(int64_t state, int64_t action, double target) {
  double& q = q_row(state)[action];
  const double error = target - q;
  const double n = ++visits_->cells()[static_cast<size_t>(state * actions_ + action)];
  q += learning_rate_ / std::pow(n, visit_power_) * error;
  return error;
}

}  // namespace agents

#include "agents/tabular/policy_iteration.h"

#include <algorithm>

#include "agents/exact.h"
#include "core/error.h"

namespace agents {

void PolicyIteration::build(training::Build& b) {
  core::check(options_.known.gamma < 1,
              "policy_iteration.gamma: of a policy that never ends, values need a discount below 1, found {}",
              options_.known.gamma);
  known_.emplace("policy_iteration", options_.known, b);
  policy_.assign(static_cast<size_t>(known_->table().states), 0);
  b.update("values", {{"changed_actions", "states", "States whose action the step has changed"}});
  b.state("policy", [this](core::Archive& archive) {
    archive.within("actions", policy_.data(), policy_.size(), int64_t{0}, known_->table().actions - 1);
  });
}

// Actions that are as good as the present one do not take its place, or two policies could follow each other
// for ever (exercise 4.4).
void PolicyIteration::step(training::Step& step) {
  const envs::Transitions& table = known_->table();
  const double gamma = known_->gamma();
  const StateValues values = policy_values(table, policy_, gamma);
  std::copy(values.begin(), values.end(), known_->values().begin());
  int64_t changed = 0;
  for (int64_t s = 0; s < table.states; ++s) {
    int64_t& action = policy_[static_cast<size_t>(s)];
    const int64_t best = best_action(table, values, s, gamma);
    if (action_value(table, values, s, best, gamma) <= action_value(table, values, s, action, gamma) + 1e-9)
      continue;
    action = best;
    ++changed;
  }
  step.updated("values", {{"changed_actions", static_cast<double>(changed)}});
  known_->log_start_value(step);
}

}  // namespace agents

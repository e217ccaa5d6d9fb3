#include "agents/tabular/value_iteration.h"

#include "agents/exact.h"

namespace agents {

void ValueIteration::build(training::Build& b) {
  known_.emplace("value_iteration", options_.known, b);
  b.update("values", {{"largest_change", "reward", "Largest change of a state's value in the sweep"}});
}

void ValueIteration::step(training::Step& step) {
  step.updated("values", {{"largest_change", sweep(known_->table(), known_->values(), known_->gamma())}});
  known_->log_start_value(step);
}

}  // namespace agents

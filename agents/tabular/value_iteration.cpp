#include "agents/tabular/value_iteration.h"

#include "agents/evaluation.h"
#include "agents/exact.h"
#include "core/error.h"

namespace agents {

void ValueIteration::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment that is a table of transitions");
  f.list_section(
      "value_iteration",
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
      },
      "Value iteration's own options");
}

void ValueIteration::build(training::Build& b) {
  const auto table = options_.env.transitions();
  core::check(table.has_value(),
              "env: value_iteration needs a table of transitions, as FrozenLake-v1 has; {} has none",
              options_.env.id);
  table_ = *table;
  values_ = StateTable(std::vector<int64_t>{table_.states}, 0);
  b.module("values", *values_);
  b.update("values", {{"largest_change", "reward", "Largest change of a state's value in the sweep"}});
  b.policy([this](const auto& input, bool, torch::Generator) { return act(input); });
  b.metric({"train/start_value", "reward", "Discounted return to be expected from the first state"});
  register_evaluation(options_.env, b);
}

void ValueIteration::step(training::Step& step) {
  const double moved = sweep(table_, values_->cells(), options_.gamma);
  step.updated("values", {{"largest_change", moved}});
  step.log("train/start_value", start_value(table_, values_->cells()));
}

training::PolicyOutput ValueIteration::act(const training::PolicyInput& input) const {
  const torch::Tensor states = input.observations.cpu().contiguous();  // [N]
  const int64_t N = states.numel(), A = table_.actions;
  training::PolicyOutput acted{.actions = torch::empty({N}, torch::kInt64), .q = torch::empty({N, A})};
  for (int64_t i = 0; i < N; ++i) {
    const int64_t state = states.data_ptr<int64_t>()[i];
    acted.actions.data_ptr<int64_t>()[i] = best_action(table_, values_->cells(), state, options_.gamma);
    for (int64_t a = 0; a < A; ++a)
      acted.q.data_ptr<float>()[i * A + a] =
          static_cast<float>(action_value(table_, values_->cells(), state, a, options_.gamma));
  }
  return acted;
}

void ValueIteration::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto& input, bool, torch::Generator) { return act(input); }, eval);
}

}  // namespace agents

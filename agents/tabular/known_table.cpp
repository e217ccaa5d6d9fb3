#include "agents/tabular/known_table.h"

#include "agents/evaluation.h"
#include "agents/exact.h"
#include "core/error.h"

namespace agents {

void KnownTableOptions::fields(core::Fields& f, const std::string& agent, const std::string& title) {
  f.tagged("env", env.tagged(), "Environment that is a table of transitions");
  f.list_section(
      agent,
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
      },
      title);
}

static envs::Transitions table_of(const std::string& agent, const envs::Options& env) {
  const auto table = env.transitions();
  core::check(table.has_value(), "env: {} needs a table of transitions, as FrozenLake-v1 has; {} has none",
              agent, env.id);
  return *table;
}

KnownTable::KnownTable(const std::string& agent, const KnownTableOptions& options, training::Build& b)
    : table_(table_of(agent, options.env)),
      gamma_(options.gamma),
      values_(std::vector<int64_t>{table_.states}, 0) {
  b.module("values", *values_);
  b.policy([this](const auto& input, bool, torch::Generator) { return act(input); });
  b.metric({"train/start_value", "reward", "Discounted return to be expected from the first state"});
  register_evaluation(options.env, b);
}

void KnownTable::log_start_value(training::Step& step) const {
  step.log("train/start_value", start_value(table_, values()));
}

training::PolicyOutput KnownTable::act(const training::PolicyInput& input) const {
  const torch::Tensor states = input.observations.cpu().contiguous();  // [N]
  const int64_t N = states.numel(), A = table_.actions;
  training::PolicyOutput acted{.actions = torch::empty({N}, torch::kInt64), .q = torch::empty({N, A})};
  for (int64_t i = 0; i < N; ++i) {
    const int64_t state = states.data_ptr<int64_t>()[i];
    acted.actions.data_ptr<int64_t>()[i] = best_action(table_, values(), state, gamma_);
    for (int64_t a = 0; a < A; ++a)
      acted.q.data_ptr<float>()[i * A + a] =
          static_cast<float>(action_value(table_, values(), state, a, gamma_));
  }
  return acted;
}

void KnownTable::evaluate(const envs::Options& env, training::Eval& eval) const {
  agents::evaluate(
      env, [this](const auto& input, bool, torch::Generator) { return act(input); }, eval);
}

}  // namespace agents

#include "agents/tabular/q_learning.h"

#include <cmath>

#include "agents/action_mask.h"
#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "agents/tensors.h"
#include "core/error.h"

namespace agents {

void QLearning::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with Discrete observations and actions");
  f.list_section(
      "q_learning",
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
        own.add("num_steps", num_steps, "Transitions of each step, every one of which is learned from",
                {.min = 1, .max = 1e6, .unit = "transitions"});
        own.add("learning_rate", learning_rate, "Share of the error that the first visit of an action learns",
                {.min = 0, .max = 1, .above = true});
        own.add(
            "visit_power", visit_power,
            "The n-th visit learns learning_rate / n^visit_power; 0: a constant rate, above 0.5: one that "
            "settles",
            {.min = 0, .max = 1});
        exploration.fields(own);
      },
      "Q-learning's own options");
}

void QLearning::build(training::Build& b) {
  env_.emplace(options_.env);
  const envs::Spec& spec = env_->spec();
  core::check(spec.observation.is_discrete() && spec.action.is_discrete(),
              "env: q_learning needs Discrete observations and actions; {} has {} and {}", spec.id,
              spec.observation.str(), spec.action.str());
  actions_ = spec.action.n[0];
  const std::vector<int64_t> shape{spec.observation.n[0], actions_};
  q_ = StateTable(shape, 0);
  visits_ = StateTable(shape, 0);
  b.module("q", *q_);
  b.module("visits", *visits_);
  b.update("q", {{"td_error", "reward", "Mean magnitude of the temporal-difference errors"}});
  env_->begin(exploration_, b);
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  register_evaluation(options_.env, b);
}

std::span<double> QLearning::row(int64_t state) const {
  return q_->cells().subspan(static_cast<size_t>(state * actions_), static_cast<size_t>(actions_));
}

// The first of the best that are possible.
static int64_t argmax(std::span<const double> row, MaskRow mask) {
  return best_possible(row.data(), std::ssize(row), mask);
}

int64_t QLearning::choose(int64_t state, double epsilon) {
  const bool explores = exploration_.random() < epsilon;
  const MaskRow mask = env_->mask();
  return explores ? random_possible(actions_, mask, exploration_) : argmax(row(state), mask);
}

double QLearning::learning_rate(int64_t state, int64_t action) {
  const double n = ++visits_->cells()[static_cast<size_t>(state * actions_ + action)];
  return options_.learning_rate / std::pow(n, options_.visit_power);
}

// One transition; returns how wrong the value of its action was.
double QLearning::learn_one(double epsilon, training::Step& step) {
  const envs::Space& space = env_->spec().observation;
  const int64_t state = index_at(space, env_->observation()), action = choose(state, epsilon);
  const auto [reward, terminated, ended] = env_->play(action, step);
  const std::span<const double> next = row(index_at(space, env_->next_observation()));
  const double ahead = terminated ? 0 : next[static_cast<size_t>(argmax(next, env_->next_mask()))];
  double& q = row(state)[static_cast<size_t>(action)];
  const double error = reward + options_.gamma * ahead - q;
  q += learning_rate(state, action) * error;
  return std::abs(error);
}

void QLearning::step(training::Step& step) {
  const Options& o = options_;
  const double epsilon = o.exploration.at(o.exploration.over(step.progress()));
  double error = 0;
  for (int64_t t = 0; t < o.num_steps; ++t) error += learn_one(epsilon, step);
  step.collected(o.num_steps);
  step.updated("q", {{"td_error", error / static_cast<double>(o.num_steps)}});
  step.log("train/epsilon", epsilon);
}

training::PolicyOutput QLearning::act(const training::PolicyInput& input, bool greedy,
                                      torch::Generator generator) const {
  const torch::Tensor states = input.observations.cpu();  // [N]
  const torch::Tensor best = torch::empty_like(states);
  for (int64_t i = 0; i < states.numel(); ++i)
    best.data_ptr<int64_t>()[i] = argmax(row(states.data_ptr<int64_t>()[i]), row_of(input.mask, i));
  const torch::Tensor q = q_->values().index_select(0, states).to(torch::kFloat32);  // [N, A]
  if (greedy) return {.actions = best, .q = q};
  return {.actions = explore(best, input.mask, actions_, options_.exploration.end, generator), .q = q};
}

void QLearning::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents

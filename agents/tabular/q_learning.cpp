#include "agents/tabular/q_learning.h"

#include <algorithm>
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
        own.add("epsilon_start", epsilon_start, "Probability of a random action at first",
                {.min = 0, .max = 1});
        own.add("epsilon_end", epsilon_end, "The same at the end, and of the sampled policy in evaluations",
                {.min = 0, .max = 1});
        own.add("epsilon_share", epsilon_share, "Time from the first to the last, linearly",
                {.min = 0, .max = 1, .unit = "share of budget"});
      },
      "Q-learning's own options");
}

void QLearning::build(training::Build& b) {
  env_ = options_.env.make(1);
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

  exploration_ = core::Pcg64(b.seed_for("exploration"));
  observation_.resize(spec.observation.bytes());
  final_.resize(spec.observation.bytes());
  if (spec.action_mask) final_mask_ = mask_ = std::vector<uint8_t>(static_cast<size_t>(actions_), 1);
  env_->reset(b.seed_for("rollout"), observation_.data());
  b.envs("train", [this](core::Archive& archive) { env_->state(archive); });
  b.state("exploration", [this](core::Archive& archive) {
    archive("random", exploration_);
    archive("observation", observation_);
    if (!archive.loading()) return;
    const envs::Space& space = env_->spec().observation;
    const int64_t state = index_at(space, observation_.data());
    core::check(state >= 0 && state < space.n[0], "saved observation is state {}, expected 0 .. {}", state,
                space.n[0] - 1);
  });

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

static MaskRow row_of(const std::vector<uint8_t>& mask) { return mask.empty() ? nullptr : mask.data(); }

int64_t QLearning::choose(int64_t state, double epsilon) {
  const bool explores = exploration_.random() < epsilon;
  if (!mask_.empty()) env_->action_mask(mask_.data());
  return explores ? random_possible(actions_, row_of(mask_), exploration_)
                  : argmax(row(state), row_of(mask_));
}

// The value of what comes next, by the best that can be done there.
double QLearning::ahead(int64_t next, bool ended) {
  if (!ended && !mask_.empty()) env_->action_mask(mask_.data());
  return row(next)[static_cast<size_t>(argmax(row(next), row_of(ended ? final_mask_ : mask_)))];
}

double QLearning::learning_rate(int64_t state, int64_t action) {
  const double n = ++visits_->cells()[static_cast<size_t>(state * actions_ + action)];
  return options_.learning_rate / std::pow(n, options_.visit_power);
}

// One transition; returns how wrong the value of its action was.
double QLearning::learn_one(double epsilon, training::Step& step) {
  const envs::Space& space = env_->spec().observation;
  const int64_t state = index_at(space, observation_.data()), action = choose(state, epsilon);
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  double episode_return = 0;
  int64_t episode_length = 0;
  env_->step({.discrete = &action},
             {.obs = observation_.data(),
              .reward = &reward,
              .terminated = &terminated,
              .truncated = &truncated,
              .final_obs = final_.data(),
              .episode_return = &episode_return,
              .episode_length = &episode_length,
              .final_action_mask = final_mask_.empty() ? nullptr : final_mask_.data()});
  const bool ended = terminated | truncated;
  const int64_t next = index_at(space, (ended ? final_ : observation_).data());
  double& q = row(state)[static_cast<size_t>(action)];
  const double error =
      static_cast<double>(reward) + options_.gamma * (terminated ? 0 : ahead(next, ended)) - q;
  q += learning_rate(state, action) * error;
  if (ended) log_episode(step, episode_return, episode_length);
  return std::abs(error);
}

void QLearning::step(training::Step& step) {
  const Options& o = options_;
  const double share = o.epsilon_share > 0 ? std::min(1.0, step.progress() / o.epsilon_share) : 1;
  const double epsilon = o.epsilon_start + (o.epsilon_end - o.epsilon_start) * share;
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
    best.data_ptr<int64_t>()[i] = argmax(row(states.data_ptr<int64_t>()[i]), agents::row_of(input.mask, i));
  const torch::Tensor q = q_->values().index_select(0, states).to(torch::kFloat32);  // [N, A]
  if (greedy) return {.actions = best, .q = q};
  const torch::Tensor random = random_actions(input.mask, states.numel(), actions_, generator);
  const torch::Tensor explore = torch::rand(states.sizes(), generator) < options_.epsilon_end;
  return {.actions = torch::where(explore, random, best), .q = q};
}

void QLearning::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents

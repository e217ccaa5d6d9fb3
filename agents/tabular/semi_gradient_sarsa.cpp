#include "agents/tabular/semi_gradient_sarsa.h"

#include <algorithm>
#include <cmath>

#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

void SemiGradientSarsa::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with Box observations and Discrete actions");
  f.list_section(
      "semi_gradient_sarsa",
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
        own.add("num_steps", num_steps, "Transitions of each step, every one of which is learned from",
                {.min = 1, .max = 1e6, .unit = "transitions"});
        own.add("learning_rate", learning_rate,
                "Share of its error that a value learns, each of its tiles as much",
                {.min = 0, .max = 1, .above = true});
        tiles.fields(own);
        exploration.fields(own);
      },
      "Semi-gradient SARSA's own options");
}

static void check_spaces(const envs::Spec& spec) {
  const bool numbers =
      spec.observation.kind == envs::Space::Kind::box && spec.observation.dtype == envs::Dtype::float32;
  core::check(
      numbers && spec.action.is_discrete(),
      "env: semi_gradient_sarsa needs Box observations of float32 and Discrete actions; {} has {} and {}",
      spec.id, spec.observation.str(), spec.action.str());
}

void SemiGradientSarsa::build(training::Build& b) {
  env_.emplace(options_.env);
  check_spaces(env_->spec());
  actions_ = env_->spec().action.n[0];
  coder_.emplace("semi_gradient_sarsa", env_->spec().observation, options_.tiles);
  weights_ = StateTable(std::vector<int64_t>{coder_->size(), actions_}, 0);
  b.module("weights", *weights_);
  b.update("q", {{"td_error", "reward", "Mean magnitude of the temporal-difference errors"}});
  env_->begin(exploration_, b);
  now_ = next_ = room();
  b.state("next_action",
          [this](core::Archive& archive) { archive.within("chosen", chosen_, none, actions_ - 1); });
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  register_evaluation(options_.env, b);
}

SemiGradientSarsa::Seen SemiGradientSarsa::room() const {
  return {std::vector<int64_t>(static_cast<size_t>(coder_->tilings())),
          std::vector<double>(static_cast<size_t>(actions_))};
}

void SemiGradientSarsa::look(const float* observation, Seen& seen) const {
  coder_->active(observation, seen.tiles.data());
  std::fill(seen.q.begin(), seen.q.end(), 0.0);
  const double* weights = weights_->cells().data();
  for (const int64_t tile : seen.tiles)
    for (int64_t a = 0; a < actions_; ++a) seen.q[static_cast<size_t>(a)] += weights[tile * actions_ + a];
}

int64_t SemiGradientSarsa::choose(const Seen& seen, MaskRow mask, double epsilon) {
  const bool explores = exploration_.random() < epsilon;
  return explores ? random_possible(actions_, mask, exploration_)
                  : best_possible(seen.q.data(), actions_, mask);
}

// One transition; returns how wrong the value of its action was.
double SemiGradientSarsa::learn_one(double epsilon, training::Step& step) {
  const auto numbers = [](const std::byte* row) { return reinterpret_cast<const float*>(row); };
  look(numbers(env_->observation()), now_);
  const int64_t action = chosen_ == none ? choose(now_, env_->mask(), epsilon) : chosen_;
  const auto [reward, terminated, ended] = env_->play(action, step);
  double ahead = 0;
  chosen_ = none;
  if (!terminated) {
    look(numbers(env_->next_observation()), next_);
    const int64_t follows = choose(next_, env_->next_mask(), epsilon);
    ahead = next_.q[static_cast<size_t>(follows)];
    if (!ended) chosen_ = follows;
  }
  const double error = reward + options_.gamma * ahead - now_.q[static_cast<size_t>(action)];
  const double share = options_.learning_rate * error / static_cast<double>(coder_->tilings());
  for (const int64_t tile : now_.tiles)
    weights_->cells()[static_cast<size_t>(tile * actions_ + action)] += share;
  return std::abs(error);
}

void SemiGradientSarsa::step(training::Step& step) {
  const Options& o = options_;
  const double epsilon = o.exploration.at(o.exploration.over(step.progress()));
  double error = 0;
  for (int64_t t = 0; t < o.num_steps; ++t) error += learn_one(epsilon, step);
  step.collected(o.num_steps);
  step.updated("q", {{"td_error", error / static_cast<double>(o.num_steps)}});
  step.log("train/epsilon", epsilon);
}

training::PolicyOutput SemiGradientSarsa::act(const training::PolicyInput& input, bool greedy,
                                              torch::Generator generator) const {
  const torch::Tensor seen = input.observations.cpu().contiguous();  // [N, D]
  const int64_t N = seen.size(0), A = actions_;
  training::PolicyOutput acted{.actions = torch::empty({N}, torch::kInt64), .q = torch::empty({N, A})};
  Seen state = room();
  for (int64_t i = 0; i < N; ++i) {
    look(seen.data_ptr<float>() + i * seen.size(1), state);
    acted.actions.data_ptr<int64_t>()[i] = best_possible(state.q.data(), A, row_of(input.mask, i));
    std::transform(state.q.begin(), state.q.end(), acted.q.data_ptr<float>() + i * A,
                   [](double q) { return static_cast<float>(q); });
  }
  if (!greedy)
    acted.actions = explore(acted.actions, input.mask, A, options_.exploration.end, std::move(generator));
  return acted;
}

void SemiGradientSarsa::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents

#include "agents/planning/mcts.h"

#include <string_view>

#include "agents/episode_metrics.h"
#include "agents/live_evaluation.h"
#include "agents/planning/planned_policy.h"
#include "agents/tensors.h"
#include "core/error.h"
#include "envs/board_of.h"

namespace agents {

void MctsAgent::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Board for two, or an environment with Discrete actions that can be copied");
  f.list_section(
      "mcts",
      [this](core::Fields& own) {
        own.add("playouts", search.playouts, "Games, or episodes, that are tried for each move",
                {.min = 1, .max = 1e6, .unit = "playouts"});
        own.add("exploration", search.exploration,
                "Weight of the confidence bound beside the mean, which lies in 0 .. 1",
                {.min = 0, .max = 100});
        own.add("gamma", search.gamma, "Discount factor per step; a board's games count by their end alone",
                {.min = 0, .max = 1});
        own.add("horizon", search.horizon, "How far ahead a playout looks; a board's games go to their end",
                {.min = 1, .max = 1e5, .unit = "steps"});
        own.add("num_steps", num_steps, "Moves of each step", {.min = 1, .max = 1e6, .unit = "moves"});
      },
      "The tree search's own options");
}

void MctsAgent::build(training::Build& b) {
  if (const auto game = envs::board_of(options_.env))
    board_.emplace(*game, envs::games::MctsOptions{options_.search.playouts, options_.search.exploration});
  else
    copies_.emplace("mcts", options_.env, options_.search);
  env_.emplace(options_.env);
  b.update("search", {{"value", "reward", "What the moves are expected to bring, their mean"}});
  env_->begin(random_, b);
  b.policy([this](const auto&... x) { return act(nullptr, x...); });
  register_episodes(b);
  board_ ? register_evaluation(options_.env, b) : register_live_evaluation(options_.env, b);
}

Plan MctsAgent::plan_move() {
  if (!board_) return copies_->plan(env_->envs(), random_);
  std::vector<float> seen(static_cast<size_t>(env_->spec().observation.net_width()));
  envs::flat_view(env_->spec().observation, env_->observation(), seen.data());
  return board_->plan(seen.data(), random_);
}

void MctsAgent::step(training::Step& step) {
  double value = 0;
  for (int64_t t = 0; t < options_.num_steps; ++t) {
    const Plan found = plan_move();
    value += found.value;
    env_->play(most_tried(found), step);
  }
  step.collected(options_.num_steps);
  step.updated("search", {{"value", value / static_cast<double>(options_.num_steps)}});
}

// What is seen seeds the search: the same in any company.
static core::Pcg64 random_for(const torch::Tensor& row) {
  const std::string_view seen(static_cast<const char*>(row.data_ptr()), row.nbytes());
  return core::Pcg64(core::mix(0, {"mcts", seen}));
}

training::PolicyOutput MctsAgent::act(envs::Envs* original, const training::PolicyInput& input, bool greedy,
                                      torch::Generator generator) {
  core::check(board_ || original,
              "mcts plans {} with copies of the environment, which only evaluation hands to it",
              options_.env.id);
  const torch::Tensor seen = input.observations.cpu().contiguous();
  std::vector<Plan> plans;
  for (int64_t i = 0; i < seen.size(0); ++i) {
    const torch::Tensor row = seen.select(0, i);
    core::Pcg64 random = random_for(row);
    plans.push_back(board_ ? board_->plan(row.data_ptr<float>(), random) : copies_->plan(*original, random));
  }
  return told(plans, env_->spec().action.n[0], greedy, std::move(generator));
}

void MctsAgent::evaluate(training::Eval& eval) {
  if (board_)
    agents::evaluate(
        options_.env, [this](const auto&... x) { return act(nullptr, x...); }, eval);
  else
    evaluate_live(
        options_.env, [this](envs::Envs& one, const auto&... x) { return act(&one, x...); }, eval);
}

}  // namespace agents

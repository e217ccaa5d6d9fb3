#include "agents/bandits/bandit_play.h"

#include <algorithm>

#include "agents/episode_metrics.h"
#include "agents/exact.h"
#include "core/error.h"

namespace agents {

void BanditOptions::fields(core::Fields& own) {
  own.add("num_steps", num_steps, "Pulls of each step, every one of which is learned from",
          {.min = 1, .max = 1e6, .unit = "pulls"});
}

static void check_one_state(const std::string& agent, const envs::Spec& spec) {
  const bool one_state = spec.observation.is_discrete() && spec.observation.n[0] == 1;
  core::check(one_state && spec.action.is_discrete(),
              "env: {} needs one state and Discrete actions, as Bandit-v0 has; {} has {} and {}", agent,
              spec.id, spec.observation.str(), spec.action.str());
}

static std::vector<double> gaps(const envs::Options& env, int64_t arms) {
  const auto table = env.transitions();
  if (!table) return {};
  std::vector<double> means;
  for (int64_t arm = 0; arm < arms; ++arm) means.push_back(action_value(*table, std::vector{0.0}, 0, arm, 0));
  const double best = *std::max_element(means.begin(), means.end());
  for (double& mean : means) mean = best - mean;
  return means;
}

BanditPlay::BanditPlay(const std::string& agent, const envs::Options& env, const BanditOptions& options,
                       training::Build& b)
    : options_(options), env_(env) {
  check_one_state(agent, env_.spec());
  missed_ = gaps(env, arms());
  b.update("arms", {{"reward_error", "reward", "Mean distance of what was paid from what was expected"}});
  env_.begin(random_, b);
  register_episodes(b);
  if (missed_.empty()) return;
  b.metric({"train/regret", "reward", "Sum over all pulls of how far the arm's mean is below the best one's",
            training::Direction::minimize});
  b.state("regret", [this](core::Archive& archive) { archive("regret", regret_); });
}

double BanditPlay::pull(int64_t arm, training::Step& step) {
  if (!missed_.empty()) regret_ += missed_[static_cast<size_t>(arm)];
  return env_.play(arm, step).reward;
}

void BanditPlay::report(double error, training::Step& step) {
  step.collected(options_.num_steps);
  step.updated("arms", {{"reward_error", error / static_cast<double>(options_.num_steps)}});
  if (!missed_.empty()) step.log("train/regret", regret_);
}

}  // namespace agents

// REINFORCE (Williams 1992, episodic form): theta += lr * sum_t grad log pi(a_t | s_t) (G_t - b_t).
#include "agents/policy_gradient/reinforce.h"

#include "agents/evaluation.h"
#include "agents/returns.h"
#include "core/error.h"
#include "core/random.h"
#include "training/distributions.h"
#include "training/nets/blocks.h"

namespace agents {

using training::Categorical;

void Reinforce::Options::fields(core::Fields& f) {
  f.chosen("env", env.chosen(), "Environment with a Discrete action space and a time limit");
  f.section("net", net, "Policy (and value) network");
  f.list_section(
      "reinforce",
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
        own.add("episodes_per_update", episodes_per_update, "Episodes, side by side, behind each update",
                {.min = 1, .max = 4096, .unit = "episodes"});
        own.add("normalize", normalize,
                "Returns (less the baseline) get mean 0 and deviation 1 over the rollout");
        own.choice(
            "baseline", baseline,
            "What is subtracted from the returns-to-go: nothing, their mean over the other episodes at "
            "the same time step (0 where there is none), or a value network's estimate",
            {"none", "timestep_mean", "value"});
        own.add("entropy_coef", entropy_coef, "Weight of the policy's entropy as a bonus",
                {.min = 0, .max = 10});
      },
      "REINFORCE's own options");
}

void Reinforce::build(training::Build& b) {
  episodes_ = std::make_unique<EpisodeBatch>(options_.env, options_.episodes_per_update);
  const envs::Spec& spec = episodes_->spec();
  core::check(spec.action.is_discrete(), "env: reinforce needs a Discrete action space; {} has {}", spec.id,
              spec.action.str());
  core::check(
      options_.baseline != "timestep_mean" || options_.episodes_per_update > 1,
      "reinforce.baseline: timestep_mean needs other episodes; expected episodes_per_update >= 2, found 1");
  device_ = b.device();
  actions_ = b.stream("actions");
  rollout_seed_ = b.seed_for("rollout");

  const double rows = double(options_.episodes_per_update) * double(spec.max_episode_steps + 1);
  training::require_outputs(options_.net, rows, "all steps of the episodes of an update");
  policy_ = training::Mlp("policy", spec.observation.net_width(), spec.action.n[0], options_.net);
  b.module("policy", *policy_);
  b.optimizer("policy", {policy_.get()},
              {{"surrogate", "", "-log pi(a|s) (G - b), sum of an episode, mean over episodes"},
               {"entropy_bonus", "nats", "-entropy of the policy, sum of an episode, mean over episodes"}});
  if (options_.baseline == "value") {
    value_ = training::Mlp("value", spec.observation.net_width(), 1, options_.net);
    b.module("value", *value_);
    b.optimizer("value", {value_.get()},
                {{"squared_error", "reward^2", "Squared error of the value network"}});
  }
  b.policy([this](const torch::Tensor& o, bool greedy, torch::Generator g) { return act(o, greedy, g); });
  b.metric(
      {"train/return", "reward", "Mean return of the rollout's episodes", training::Direction::maximize});
  b.metric({"train/episode_length", "steps", "Mean length of the rollout's episodes"});
  b.metric({"train/entropy", "nats", "Mean entropy of the policy over the rollout"});
  register_evaluation(options_.env, b);
}

training::PolicyOutput Reinforce::act(const torch::Tensor& observations, bool greedy,
                                      torch::Generator generator) {
  const auto forward = [this](const torch::Tensor& x) { return policy_->forward(x); };
  const torch::Tensor x = observations.to(device_);
  const Categorical pi(greedy ? training::in_blocks(x, forward) : forward(x));
  return {.actions = greedy ? pi.mode() : pi.sample(generator), .probabilities = pi.probs().cpu()};
}

// b_t [T, N] or [T, 1]; the value network takes its own update on the way.
torch::Tensor Reinforce::baseline(const torch::Tensor& returns, training::Step& step) {
  const torch::Tensor alive = episodes_->alive().to(device_);
  if (options_.baseline == "none") return torch::zeros({1, 1}, device_);
  if (options_.baseline == "timestep_mean") return timestep_mean(returns, alive);
  const torch::Tensor values =
      value_->forward(episodes_->observations().flatten(0, 1).to(device_)).view_as(returns);  // [T, N]
  step.update("value", {{"squared_error", ((values - returns).square() * alive).sum() / alive.sum()}});
  return values.detach();
}

torch::Tensor reinforce_loss(const torch::Tensor& log_prob, const torch::Tensor& advantages) {
  return -(log_prob * advantages).sum() / log_prob.size(1);
}

void Reinforce::step(training::Step& step) {
  // Play one episode in each environment.
  const auto actor = [this](const torch::Tensor& o, bool greedy, torch::Generator g) {
    return act(o, greedy, g);
  };
  const uint64_t seed = core::mix(rollout_seed_, {step.counters().step});
  const int64_t transitions = episodes_->play(actor, seed, actions_);
  step.collected(transitions);

  // Weigh every action by what came after it.
  const torch::Tensor alive = episodes_->alive().to(device_);  // [T, N]
  const torch::Tensor returns =
      returns_to_go(episodes_->rewards(), episodes_->alive(), options_.gamma).to(device_);
  torch::Tensor advantages = (returns - baseline(returns, step)) * alive;
  if (options_.normalize) advantages = agents::normalize(advantages, alive);

  // Ascend.
  const Categorical pi(policy_->forward(episodes_->observations().flatten(0, 1).to(device_)));  // [T * N, A]
  const torch::Tensor log_prob = pi.log_prob(episodes_->actions().flatten().to(device_)).view_as(returns);
  const torch::Tensor entropy = (pi.entropy().view_as(returns) * alive).sum();
  const double episodes = static_cast<double>(options_.episodes_per_update);
  step.update("policy", {{"surrogate", reinforce_loss(log_prob, advantages)},
                         {"entropy_bonus", -entropy / episodes, options_.entropy_coef}});

  step.log("train/return", (episodes_->rewards() * episodes_->alive()).sum().item<double>() / episodes);
  step.log("train/episode_length", static_cast<double>(transitions) / episodes);
  step.log("train/entropy", entropy.item<double>() / static_cast<double>(transitions));
}

void Reinforce::evaluate(training::Eval& eval) {
  const auto actor = [this](const torch::Tensor& o, bool greedy, torch::Generator g) {
    return act(o, greedy, g);
  };
  agents::evaluate(options_.env, actor, eval);
}

}  // namespace agents

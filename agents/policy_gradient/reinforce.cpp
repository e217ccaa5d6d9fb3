// REINFORCE (Williams 1992, episodic form): theta += lr * sum_t grad log pi(a_t | s_t) (G_t - b_t).
#include "agents/policy_gradient/reinforce.h"

#include "agents/action_mask.h"
#include "agents/evaluation.h"
#include "agents/returns.h"
#include "core/error.h"
#include "core/random.h"

namespace agents {

void Reinforce::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete action space and a time limit");
  f.section("net", net, "Policy (and value) network");
  f.list_section(
      "reinforce",
      [this](core::Fields& own) {
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
        own.add("episodes_per_update", episodes_per_update, "Episodes, side by side, behind each update",
                {.min = 1, .max = 4096, .unit = "episodes"});
        own.add("normalize", normalize,
                "Returns (less the baseline) get mean 0 and deviation 1 over the rollout, where it has two "
                "steps or more");
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
  actions_ = b.stream("actions");
  rollout_seed_ = b.seed_for("rollout");
  b.collects();
  build_nets(b);
  b.policy([this](const auto&... x) { return actor_->act(x...); });
  b.metric(
      {"train/return", "reward", "Mean return of the rollout's episodes", training::Direction::maximize});
  b.metric({"train/episode_length", "steps", "Mean length of the rollout's episodes"});
  b.metric({"train/entropy", "nats", "Mean entropy of the policy over the rollout"});
  register_evaluation(options_.env, b);
}

void Reinforce::build_nets(training::Build& b) {
  const envs::Spec& spec = episodes_->spec();
  const double rows = double(options_.episodes_per_update) * double(spec.max_episode_steps + 1);
  training::require_outputs(options_.net.mlp, rows, "all steps of the episodes of an update");
  core::check(!options_.net.shared, "net.shared: reinforce has a network for each purpose; found true");
  actor_ = Actor("reinforce", spec, options_.net);
  b.module("policy", *actor_->net().module());
  b.optimizer("policy", {actor_->net().module().get()},
              {{"surrogate", "", "-log pi(a|s) (G - b), sum of an episode, mean over episodes"},
               {"entropy_bonus", "nats", "-entropy of the policy, sum of an episode, mean over episodes"}});
  if (options_.baseline != "value") return;
  value_.emplace("value", spec.observation, std::vector<Head>{{1, options_.net.mlp.out_gain}}, options_.net);
  b.module("value", *value_->module());
  b.optimizer("value", {value_->module().get()},
              {{"squared_error", "reward^2", "Squared error of the value network"}});
}

// One in each environment.
void Reinforce::collect_episodes(training::Step& step) {
  const int64_t N = options_.episodes_per_update;
  const uint64_t seed = core::mix(rollout_seed_, {step.counters().step});
  std::vector<float> log_probs(static_cast<size_t>(N));  // nobody asks for them
  torch::Tensor memory;                                  // each episode begins without any
  const int64_t transitions = episodes_->play(seed, [&](const auto& seen, const auto& actions) {
    const torch::Tensor noise = actor_->noise({N}, actions_);
    const torch::Tensor outputs = actor_->forward({seen.observations, memory}, seen.mask);
    memory = actor_->net().memory();
    actor_->sample(outputs, noise.data_ptr<float>(), actions, log_probs.data());
  });
  step.collected(transitions);
  keep_rows();
  step.log("train/return", (episodes_->rewards() * episodes_->alive()).sum().item<double>() / double(N));
  step.log("train/episode_length", double(transitions) / double(N));
}

void Reinforce::keep_rows() {
  const torch::Tensor seen = episodes_->observations();  // [T, N, ...]
  const int64_t T = seen.size(0), N = seen.size(1);
  rows_ = episodes_->alive().flatten().nonzero().squeeze(1);
  if (const torch::Tensor masks = episodes_->masks(); masks.defined())
    masks_ = masks.flatten(0, 1).index_select(0, rows_);
  if (!options_.net.remembers()) {
    inputs_ = seen.flatten(0, 1).index_select(0, rows_);
    return;
  }
  inputs_ = seen.transpose(0, 1).contiguous().flatten(0, 1);
  places_ = rows_.remainder(N) * T + rows_.div(N, "floor");
}

NetInput Reinforce::net_input() const {
  NetInput input(inputs_);
  if (places_.defined()) input.steps = inputs_.size(0) / options_.episodes_per_update;
  return input;
}

// What the nets put out [..., K] for those steps: [B, K].
torch::Tensor Reinforce::of_rows(const torch::Tensor& outputs) const {
  return places_.defined() ? outputs.index_select(0, places_) : outputs;
}

// The way back: slopes along what came after an episode's end are 0.
torch::Tensor Reinforce::to_net(const torch::Tensor& d_rows) const {
  if (!places_.defined()) return d_rows;
  return torch::zeros({inputs_.size(0), d_rows.size(1)}).index_copy_(0, places_, d_rows);
}

// b_t [T, N] or [1, 1].
torch::Tensor Reinforce::baseline(const torch::Tensor& returns, training::Step& step) {
  if (options_.baseline == "none") return torch::zeros({1, 1});
  if (options_.baseline == "timestep_mean") return timestep_mean(returns, episodes_->alive());
  return fit_values(returns, step);
}

// V(s_t) [T, N], as it was before this update of its network.
torch::Tensor Reinforce::fit_values(const torch::Tensor& returns, training::Step& step) {
  const torch::Tensor values = of_rows(value_->forward(net_input())).squeeze(1).clone();  // [B]
  const torch::Tensor errors = values - returns.flatten().index_select(0, rows_);         // [B]
  value_->backward(to_net((errors * (2 / double(errors.numel()))).unsqueeze(1)));
  step.apply_gradients("value", {{"squared_error", errors.square().mean().item<double>()}});
  return torch::zeros({returns.numel()}).index_copy_(0, rows_, values).view_as(returns);
}

torch::Tensor reinforce_loss(const torch::Tensor& log_prob, const torch::Tensor& advantages) {
  return -(log_prob * advantages).sum() / log_prob.size(1);
}

ReinforceTerms reinforce_rows(Actor& actor, const torch::Tensor& outputs, const torch::Tensor& actions,
                              const torch::Tensor& advantages, int64_t episodes, double entropy_coef,
                              const torch::Tensor& d_outputs) {
  const int64_t B = outputs.size(0), K = outputs.size(1);
  const float share = 1 / static_cast<float>(episodes), d_entropy = -share * static_cast<float>(entropy_coef);
  const float *rows = outputs.data_ptr<float>(), *weights = advantages.data_ptr<float>();
  ReinforceTerms sum;
  for (int64_t i = 0; i < B; ++i) {
    const ActionView action = actor->action_at(actions, i);
    const Likelihood now = actor->likelihood(rows + i * K, action);
    sum.surrogate -= static_cast<double>(now.log_prob * weights[i]);
    sum.entropy += static_cast<double>(now.entropy);
    actor->likelihood_backward(rows + i * K, action, -share * weights[i], d_entropy,
                               d_outputs.data_ptr<float>() + i * K);
  }
  sum.surrogate /= static_cast<double>(episodes);
  return sum;
}

void Reinforce::update_policy(const torch::Tensor& advantages, training::Step& step) {
  const auto taken = [this](const torch::Tensor& x) { return x.flatten().index_select(0, rows_); };  // [B]
  const int64_t episodes = options_.episodes_per_update;
  const torch::Tensor outputs = of_rows(actor_->forward(net_input()));
  apply_mask(masks_, outputs);
  const torch::Tensor d_outputs = torch::empty_like(outputs);
  const ReinforceTerms terms = reinforce_rows(actor_, outputs, taken(episodes_->actions()), taken(advantages),
                                              episodes, options_.entropy_coef, d_outputs);
  actor_->backward(to_net(d_outputs));
  step.apply_gradients("policy",
                       {{"surrogate", terms.surrogate},
                        {"entropy_bonus", -terms.entropy / double(episodes), options_.entropy_coef}});
  step.log("train/entropy", terms.entropy / double(rows_.size(0)));
}

void Reinforce::step(training::Step& step) {
  collect_episodes(step);
  const torch::Tensor alive = episodes_->alive();                                            // [T, N]
  const torch::Tensor returns = returns_to_go(episodes_->rewards(), alive, options_.gamma);  // [T, N]
  torch::Tensor advantages = (returns - baseline(returns, step)) * alive;
  if (options_.normalize) advantages = agents::normalize(advantages, alive);
  update_policy(advantages, step);
}

void Reinforce::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return actor_->act(x...); }, eval);
}

}  // namespace agents

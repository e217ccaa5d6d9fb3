#include "agents/policy_gradient/valued_rollout.h"

#include "agents/action_mask.h"
#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "agents/returns.h"

namespace agents {

void RolloutOptions::fields(core::Fields& own) {
  own.add("num_envs", num_envs, "Environments side by side", {.min = 1, .max = 65536});
  own.add("num_steps", num_steps, "Steps of each environment in a rollout",
          {.min = 1, .max = 1e6, .unit = "steps"});
  own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
  own.add("gae_lambda", gae_lambda, "Decay of generalised advantage estimation; 1: returns less values",
          {.min = 0, .max = 1});
}

// The options, if there is memory for what such nets put out.
static const PolicyNetOptions& checked(const PolicyNetOptions& net, const RolloutOptions& options) {
  const double rows = double(options.num_envs) * double(options.num_steps + 1);
  training::require_outputs(net.mlp, rows, "all transitions of a rollout");
  return net;
}

ValuedRollout::ValuedRollout(const std::string& agent, const envs::Options& env, const PolicyNetOptions& net,
                             const RolloutOptions& options, training::Build& b)
    : options_(options),
      rollout_(env, options.num_envs, options.num_steps),
      nets_(agent, rollout_.spec(), checked(net, options), b) {
  if (net.remembers()) {
    recall_.emplace(options.num_steps, options.num_envs, nets_.memory_size());
    b.state("memory", [this](core::Archive& a) { recall_->state(a); });
  }
  actions_ = b.stream("actions");
  if (net.sde) build_state_noise(net.sde->every, b);
  order_ = b.stream("minibatches");
  rollout_.begin(b.seed_for("rollout"));
  b.envs("train", [this](core::Archive& a) { rollout_.state(a); });
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/explained_variance", "", "1 - Var(target - value) / Var(target), before the updates"});
  register_evaluation(env, b);
  log_probs_ = torch::zeros({options.num_steps, options.num_envs});
  values_ = torch::zeros({options.num_steps + 1, options.num_envs});
}

void ValuedRollout::build_state_noise(int64_t every, training::Build& b) {
  Actor& actor = nets_.actor();
  state_noise_.emplace(rollout_.size(), actor->net().features(), actor->outputs(), every, actions_);
  b.state("exploration", [this](core::Archive& a) { state_noise_->state(a); });
}

void ValuedRollout::collect(training::Step& step) {
  final_values_ = torch::zeros({rollout_.length(), rollout_.size()});
  {
    const torch::AutoGradMode graph(nets_.are_native() && torch::GradMode::is_enabled());
    play(step);
    if (!recall_) estimate_values();
  }
  compute_advantages();
  rollout_.log_episodes(step);
  step.log("train/explained_variance",
           explained_variance(values_.narrow(0, 0, rollout_.length()), value_targets_));
}

// Noise of step t that follows from the state, as the net has just seen it: [N, A], in units of the
// deviation.
const float* ValuedRollout::lasting_noise(int64_t t) {
  restart_noise(t);
  lasting_ = nets_.actor()->net().state_noise(state_noise_->next());
  return lasting_.data_ptr<float>();
}

// Episodes that ended with step t - 1 have other noise from now on.
void ValuedRollout::restart_noise(int64_t t) {
  if (t == 0) return;
  const torch::Tensor ended = rollout_.terminated()[t - 1].bitwise_or(rollout_.truncated()[t - 1]);  // [N]
  for (int64_t i = 0; i < ended.size(0); ++i)
    if (ended.data_ptr<uint8_t>()[i]) state_noise_->restart(i);
}

void ValuedRollout::play(training::Step& step) {
  const int64_t T = rollout_.length(), N = rollout_.size();
  Actor& actor = nets_.actor();
  const torch::Tensor noise = actor->noise({state_noise_ ? 0 : T, N}, actions_);
  const float* draws = noise.data_ptr<float>();
  float* log_probs = log_probs_.data_ptr<float>();
  if (recall_) recall_->begin();
  step.collected(rollout_.play([&](int64_t t, const training::PolicyInput& seen) {
    const torch::Tensor outputs = recall_ ? remember(t, seen) : nets_.policy(seen.observations, seen.mask);
    const float* drawn = state_noise_ ? lasting_noise(t) : draws + t * (noise.numel() / T);
    actor->sample(outputs, drawn, rollout_.actions_at(t), log_probs + t * N);
  }));
  if (state_noise_) restart_noise(T);
  inputs_ = rollout_.observations().flatten(0, 1);
  if (rollout_.masks().defined()) masks_ = rollout_.masks().flatten(0, 1);
  if (!recall_) return;
  end_episodes(T);
  values_[T].copy_(nets_.values({inputs_.narrow(0, T * N, N), recall_->now}));
}

// Step t of nets with memory: values and what is remembered come with it.
torch::Tensor ValuedRollout::remember(int64_t t, const training::PolicyInput& seen) {
  end_episodes(t);
  const ActorCriticNets::Outputs outputs = nets_.forward({seen.observations, recall_->now}, seen.mask);
  values_[t].copy_(outputs.values);
  recall_->now = nets_.memory();
  return outputs.policy;
}

// Those that ended with step t - 1: the value of what they saw last, where time alone ended them, and then
// they are forgotten.
void ValuedRollout::end_episodes(int64_t t) {
  if (t == 0) return;
  const torch::Tensor terminated = rollout_.terminated()[t - 1], truncated = rollout_.truncated()[t - 1];
  const torch::Tensor cut = (truncated > terminated).nonzero().squeeze(1);  // [K]
  if (cut.numel() > 0)
    final_values_[t - 1].index_copy_(
        0, cut,
        nets_.values({rollout_.final_at(t - 1).index_select(0, cut), recall_->now.index_select(0, cut)}));
  recall_->end_episodes(t, terminated.bitwise_or(truncated));
}

// V of all that was seen, where nets without memory may be asked afterwards.
void ValuedRollout::estimate_values() {
  values_ = nets_.values({inputs_}).view_as(values_);
  std::vector<int64_t> where;
  if (const torch::Tensor cut = rollout_.final_observations(where); !where.empty()) {
    const torch::Tensor values = nets_.values({cut});  // [K]
    for (size_t k = 0; k < where.size(); ++k)
      final_values_.data_ptr<float>()[where[k]] = values.data_ptr<float>()[k];
  }
}

void ValuedRollout::compute_advantages() {
  const int64_t T = rollout_.length();
  advantages_ = gae({rollout_.rewards(), rollout_.terminated(), rollout_.truncated(), values_, final_values_},
                    options_.gamma, options_.gae_lambda);
  value_targets_ = advantages_ + values_.narrow(0, 0, T);
}

torch::Tensor ValuedRollout::shuffled() {
  if (!recall_) return torch::randperm(transitions(), order_, torch::kInt64);
  return sequences(torch::randperm(rollout_.size(), order_, torch::kInt64), rollout_.length(),
                   rollout_.size());
}

torch::Tensor ValuedRollout::in_order() const {
  if (!recall_) return torch::arange(transitions(), torch::kInt64);
  return sequences(torch::arange(rollout_.size(), torch::kInt64), rollout_.length(), rollout_.size());
}

NetInput ValuedRollout::input_of(const torch::Tensor& rows) const {
  NetInput input{inputs_.index_select(0, rows)};  // [B, O] or [B]
  if (!recall_) return input;
  const int64_t T = rollout_.length();
  input.memory = recall_->first.index_select(0, rows.slice(0, 0, rows.size(0), T).remainder(rollout_.size()));
  input.starts = recall_->starts.flatten().index_select(0, rows);
  input.steps = T;
  return input;
}

torch::Tensor ValuedRollout::mask_of(const torch::Tensor& rows) const { return select_mask(masks_, rows); }

}  // namespace agents

#include "agents/continuous/soft_actor.h"

namespace agents {

void EntropyOptions::fields(core::Fields& own) {
  own.add("temperature", temperature, "What a nat of entropy is worth when the run begins",
          {.min = 0, .max = 1e6, .above = true, .unit = "reward / nat"});
  own.add("tune_temperature", tune_temperature,
          "The temperature follows from target_entropy; false: it stays");
  own.add("target_entropy", target_entropy,
          "Mean entropy that the policy is to have, of actions in units of half their range; null: -1 "
          "for each number of an action",
          {.unit = "nats"});
}

TemperatureImpl::TemperatureImpl(double alpha)
    : log_(register_parameter("log", torch::full({}, std::log(alpha), torch::kFloat32))) {}

double TemperatureImpl::backward(double excess) {
  torch::Tensor& gradient = log_.mutable_grad();
  if (!gradient.defined()) gradient = torch::zeros_like(log_);
  gradient.add_(excess);
  return excess * log_.item<double>();
}

SoftActor::SoftActor(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                     const EntropyOptions& options, const ReplayOptions& replay, training::Build& b)
    : net_(agent, spec, net),
      temperature_(options.temperature),
      tunes_(options.tune_temperature),
      target_entropy_(options.target_entropy.value_or(-static_cast<double>(spec.action.size()))),
      play_random_(b.stream("actions")),
      noise_random_(b.stream("noise")),
      play_noise_(torch::zeros({replay.num_envs, spec.action.size()})),
      noise_(torch::zeros({replay.batch_size, spec.action.size()})),
      d_outputs_(torch::zeros({replay.batch_size, 2 * spec.action.size()})) {
  b.module("policy", *net_.module());
  b.module("temperature", *temperature_);
  b.optimizer("actor", {net_.module().get()},
              {{"value", "reward", "-value of the policy's actions by the critics, mean over the batch"},
               {"entropy_bonus", "reward", "-entropy of the policy times its temperature, estimated"}});
  if (tunes_)
    b.optimizer("temperature", {temperature_.get()},
                {{"excess", "nats", "log temperature times (entropy - target_entropy)"}});
  if (net.sde) {
    state_noise_.emplace(replay.num_envs, net_.net().features(), net_.box().size(), net.sde->every,
                         play_random_);
    b.state("exploration", [this](core::Archive& archive) { state_noise_->state(archive); });
  }
  b.policy(policy());
  b.metric({"train/entropy", "nats",
            "Entropy of the policy over the batch, estimated; of actions in units of half their range"});
  b.metric({"train/alpha", "reward / nat", "The temperature: what a nat of entropy is worth"});
}

training::Policy SoftActor::policy() {
  return [this](const auto&... x) { return net_.act(x...); };
}

void SoftActor::explore(const Experience& played, training::MlpInput seen, float* actions) {
  const int64_t N = play_noise_.size(0), A = play_noise_.size(1);
  const float *outputs = net_.forward(seen, N), *noise = play_noise(played);
  for (int64_t i = 0; i < N; ++i) squash(outputs + i * 2 * A, noise + i * A, A, actions + i * A);
}

// In units of the deviation, [N, A].
const float* SoftActor::play_noise(const Experience& played) {
  if (!state_noise_) return play_noise_.normal_(0, 1, play_random_).data_ptr<float>();
  for (int64_t i = 0; i < play_noise_.size(0); ++i)
    if (played.begins(i)) state_noise_->restart(i);
  return play_noise_.copy_(net_.net().state_noise(state_noise_->next())).data_ptr<float>();
}

void SoftActor::propose(const ObservationBatch& seen, Pairs& pairs, float* worth) {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  const float alpha = temperature_->alpha();
  noise_.normal_(0, 1, noise_random_);
  pairs.see(seen.tensor());
  const float *outputs = net_.forward(seen.input(), B), *noise = noise_.data_ptr<float>();
  for (int64_t b = 0; b < B; ++b)
    worth[b] = -alpha * squash(outputs + b * 2 * A, noise + b * A, A, pairs.action(b));
}

void SoftActor::propose(const ObservationBatch& seen, Pairs& pairs) {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  noise_.normal_(0, 1, noise_random_);
  pairs.see(seen.tensor());
  outputs_ = net_.forward(NetInput(seen.tensor()));
  const float *outputs = outputs_.data_ptr<float>(), *noise = noise_.data_ptr<float>();
  log_prob_ = 0;
  for (int64_t b = 0; b < B; ++b)
    log_prob_ += static_cast<double>(squash(outputs + b * 2 * A, noise + b * A, A, pairs.action(b)));
}

void SoftActor::learn(const Pairs& pairs, double value, training::Step& step) {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  const float alpha = temperature_->alpha();
  const float *outputs = outputs_.data_ptr<float>(), *noise = noise_.data_ptr<float>();
  for (int64_t b = 0; b < B; ++b)
    squash_backward(outputs + b * 2 * A, noise + b * A, A, pairs.action(b), pairs.action_slope(b),
                    alpha / static_cast<float>(B), d_outputs_.data_ptr<float>() + b * 2 * A);
  net_.backward(d_outputs_);
  const double entropy = -log_prob_ / static_cast<double>(B);
  step.apply_gradients("actor", {{"value", -value}, {"entropy_bonus", -entropy, static_cast<double>(alpha)}});
  step.log("train/entropy", entropy);
  tune(entropy, step);
}

// Eq. 18 with log alpha in place of alpha, as everybody has it: alpha falls while the entropy is too high.
void SoftActor::tune(double entropy, training::Step& step) {
  step.log("train/alpha", static_cast<double>(temperature_->alpha()));
  if (!tunes_) return;
  const double loss = temperature_->backward(entropy - target_entropy_);
  step.apply_gradients("temperature", {{"excess", loss}});
}

}  // namespace agents

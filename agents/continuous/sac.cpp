#include "agents/continuous/sac.h"

#include <algorithm>
#include <cmath>

#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

TemperatureImpl::TemperatureImpl(double alpha)
    : log_(register_parameter("log", torch::full({}, std::log(alpha), torch::kFloat32))) {}

double TemperatureImpl::backward(double excess) {
  torch::Tensor& gradient = log_.mutable_grad();
  if (!gradient.defined()) gradient = torch::zeros_like(log_);
  gradient.add_(excess);
  return excess * log_.item<double>();
}

void Sac::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy and critics (three networks of this shape)");
  f.list_section(
      "sac",
      [this](core::Fields& own) {
        replay.fields(own);
        own.add("tau", tau, "Share by which the target critics move to the critics after each update",
                {.min = 0, .max = 1, .above = true});
        own.add("temperature", temperature, "What a nat of entropy is worth when the run begins",
                {.min = 0, .max = 1e6, .above = true, .unit = "reward / nat"});
        own.add("tune_temperature", tune_temperature,
                "The temperature follows from target_entropy; false: it stays");
        own.add("target_entropy", target_entropy,
                "Mean entropy that the policy is to have, of actions in units of half their range; null: -1 "
                "for each number of an action",
                {.unit = "nats"});
      },
      "SAC's own options");
}

void Sac::build_nets(training::Build& b) {
  const envs::Spec& spec = experience_->spec();
  const int64_t B = options_.replay.batch_size, N = options_.replay.num_envs;
  training::require_outputs(options_.net.mlp, double(3 * B + N), "a batch of transitions");
  training::check_no_dropout(options_.net.mlp);
  check_plain("sac", options_.net);
  actor_.emplace("sac", spec, options_.net);
  b.module("policy", *actor_->module());
  b.optimizer("actor", {actor_->module().get()},
              {{"value", "reward", "-smaller value of both critics, mean over the batch"},
               {"entropy_bonus", "reward", "-entropy of the policy times its temperature, estimated"}});
  critics_.emplace("sac", spec, options_.net, B, b);
  temperature_ = Temperature(options_.temperature);
  b.module("temperature", *temperature_);
  if (options_.tune_temperature)
    b.optimizer("temperature", {temperature_.get()},
                {{"excess", "nats", "log temperature times (entropy - target_entropy)"}});
  const int64_t A = spec.action.size();
  target_entropy_ = options_.target_entropy.value_or(-static_cast<double>(A));
  play_noise_ = torch::zeros({N, A});
  noise_ = torch::zeros({B, A});
  d_first_ = torch::zeros({B});
  d_second_ = torch::zeros({B});
  d_outputs_ = torch::zeros({B, 2 * A});
  targets_.resize(static_cast<size_t>(B));
}

void Sac::build(training::Build& b) {
  experience_ = std::make_unique<Experience>("sac", options_.env, options_.replay, b);
  build_nets(b);
  play_random_ = b.stream("actions");
  noise_random_ = b.stream("noise");
  b.policy([this](const auto&... x) { return actor_->act(x...); });
  b.metric({"train/q", "reward", "Mean value of the batch's actions, of the first critic"});
  b.metric({"train/entropy", "nats",
            "Entropy of the policy over the batch, estimated; of actions in units of half their range"});
  b.metric({"train/alpha", "reward / nat", "The temperature: what a nat of entropy is worth"});
  register_evaluation(options_.env, b);
}

void Sac::choose_actions(training::MlpInput seen, float* actions) {
  const int64_t N = play_noise_.size(0), A = play_noise_.size(1);
  play_noise_.normal_(0, 1, play_random_);
  const float* outputs = actor_->forward(seen, N);
  for (int64_t i = 0; i < N; ++i)
    squash(outputs + i * 2 * A, play_noise_.data_ptr<float>() + i * A, A, actions + i * A);
}

// y = r + gamma (min Q_target(s', a') - alpha log pi(a' | s')), a' ~ pi(. | s') (eq. 3 and 5).
void Sac::estimate_targets() {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  const float alpha = temperature_->alpha();
  noise_.normal_(0, 1, noise_random_);
  critics_->see(experience_->next().tensor());
  const float* outputs = actor_->forward(experience_->next().input(), B);
  for (int64_t b = 0; b < B; ++b)  // first what the entropy is worth
    targets_[b] =
        -alpha * squash(outputs + b * 2 * A, noise_.data_ptr<float>() + b * A, A, critics_->action(b));
  const TwinCritics::Values q = critics_->targets();
  for (int64_t b = 0; b < B; ++b) targets_[b] = experience_->target(b, q.smaller(b) + targets_[b]);
}

// J_Q = E[1/2 (Q(s, a) - y)^2], for both critics (eq. 5).
void Sac::update_critics(training::Step& step) {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  estimate_targets();
  critics_->see(experience_->seen().tensor());
  for (int64_t b = 0; b < B; ++b) std::copy_n(experience_->action(b), A, critics_->action(b));
  const TwinCritics::Values q = critics_->values();
  double loss = 0, value = 0;
  for (int64_t b = 0; b < B; ++b) {
    const float first = q.first[b] - targets_[b], second = q.second[b] - targets_[b];
    d_first_.data_ptr<float>()[b] = first / static_cast<float>(B);
    d_second_.data_ptr<float>()[b] = second / static_cast<float>(B);
    loss += static_cast<double>(0.5f * (first * first + second * second));
    value += static_cast<double>(q.first[b]);
  }
  critics_->backward(d_first_, d_second_);
  step.apply_gradients("critic", {{"squared_error", loss / static_cast<double>(B)}});
  step.log("train/q", value / static_cast<double>(B));
}

// J_pi = E[alpha log pi(a | s) - min Q(s, a)], a = tanh(mean + deviation * noise) (eq. 9).
void Sac::update_actor(training::Step& step) {
  const int64_t B = noise_.size(0), A = noise_.size(1);
  const float alpha = temperature_->alpha(), share = 1 / static_cast<float>(B);
  noise_.normal_(0, 1, noise_random_);
  const torch::Tensor outputs = actor_->forward(NetInput(experience_->seen().tensor()));  // [B, 2A]
  const float *rows = outputs.data_ptr<float>(), *noise = noise_.data_ptr<float>();
  double log_prob = 0, value = 0;
  for (int64_t b = 0; b < B; ++b)
    log_prob += static_cast<double>(squash(rows + b * 2 * A, noise + b * A, A, critics_->action(b)));
  const TwinCritics::Values q = critics_->values();
  for (int64_t b = 0; b < B; ++b) {  // the smaller one alone has a slope
    const bool is_first = q.first[b] < q.second[b];
    d_first_.data_ptr<float>()[b] = is_first ? -share : 0;
    d_second_.data_ptr<float>()[b] = is_first ? 0 : -share;
    value += static_cast<double>(q.smaller(b));
  }
  critics_->backward_to_actions(d_first_, d_second_);
  for (int64_t b = 0; b < B; ++b)
    squash_backward(rows + b * 2 * A, noise + b * A, A, critics_->action(b), critics_->action_slope(b),
                    alpha * share, d_outputs_.data_ptr<float>() + b * 2 * A);
  actor_->backward(d_outputs_);
  entropy_ = -log_prob / static_cast<double>(B);
  step.apply_gradients("actor", {{"value", -value / static_cast<double>(B)},
                                 {"entropy_bonus", -entropy_, static_cast<double>(alpha)}});
  step.log("train/entropy", entropy_);
}

// Eq. 18 with log alpha in place of alpha, as everybody has it: alpha falls while the entropy is too high.
void Sac::update_temperature(training::Step& step) {
  step.log("train/alpha", static_cast<double>(temperature_->alpha()));
  if (!options_.tune_temperature) return;
  const double loss = temperature_->backward(entropy_ - target_entropy_);
  step.apply_gradients("temperature", {{"excess", loss}});
}

void Sac::learn(training::Step& step) {
  experience_->draw();
  update_critics(step);
  update_actor(step);
  update_temperature(step);
  critics_->follow(options_.tau);
}

void Sac::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) { choose_actions(seen, actions); };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void Sac::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return actor_->act(x...); }, eval);
}

}  // namespace agents

#include "agents/continuous/td3.h"

#include <algorithm>

#include "agents/evaluation.h"

namespace agents {

void Td3::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy and critics (three networks of this shape)");
  f.list_section(
      "td3",
      [this](core::Fields& own) {
        replay.fields(own);
        exploration.fields(own);
        targets.fields(own);
        own.add("target_noise", target_noise,
                "Deviation of the noise that smooths the next action of a target",
                {.min = 0, .max = 100, .unit = "half ranges"});
        own.add("target_noise_clip", target_noise_clip, "What that noise does not exceed",
                {.min = 0, .max = 2, .unit = "half ranges"});
        own.add("policy_delay", policy_delay,
                "Updates of the critics for each one of the policy and of all targets",
                {.min = 1, .max = 1e6, .unit = "updates"});
      },
      "TD3's own options");
}

void Td3::build(training::Build& b) {
  experience_ = std::make_unique<Experience>("td3", options_.env, options_.replay, b);
  const envs::Spec& spec = experience_->spec();
  const int64_t N = options_.replay.num_envs, B = options_.replay.batch_size, A = spec.action.size();
  check_nets("td3", options_.net, options_.replay);
  actor_.emplace("td3", spec, options_.net, b);
  critics_.emplace("td3", spec, options_.net, 2, B, b);
  noise_.emplace(options_.exploration, N, A, b);
  smoothing_random_ = b.stream("noise");
  smoothing_ = torch::zeros({B, A});
  targets_.resize(static_cast<size_t>(B));
  register_critics(b);
  register_evaluation(options_.env, b);
}

float smoothed(float action, float z, float deviation, float clip) {
  return std::clamp(action + std::clamp(deviation * z, -clip, clip), -1.0f, 1.0f);
}

// y = r + gamma min Q'(s', a'), a' = mu'(s') + clipped noise.
void Td3::estimate_targets() {
  const int64_t B = smoothing_.size(0), A = smoothing_.size(1);
  const auto deviation = static_cast<float>(options_.target_noise),
             clip = static_cast<float>(options_.target_noise_clip);
  smoothing_.normal_(0, 1, smoothing_random_);
  const float* z = smoothing_.data_ptr<float>();
  actor_->propose(experience_->next(), *critics_);
  for (int64_t b = 0; b < B; ++b) {
    float* action = critics_->pairs().action(b);
    for (int64_t a = 0; a < A; ++a) action[a] = smoothed(action[a], z[b * A + a], deviation, clip);
  }
  const Critics::Values& q = critics_->targets();
  for (int64_t b = 0; b < B; ++b) targets_[b] = experience_->target(b, q.smallest(b));
}

void Td3::learn(training::Step& step) {
  experience_->draw();
  estimate_targets();
  const int64_t steps = critics_->learn(*experience_, targets_, step);
  if (steps == 0 || steps % options_.policy_delay != 0) return;
  actor_->learn(*critics_, experience_->seen().tensor(), step);
  critics_->follow(options_.targets.tau);
  actor_->follow(options_.targets.tau);
}

// a = mu(s) + noise.
void Td3::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) {
    actor_->explore(*noise_, *experience_, seen, actions);
  };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void Td3::evaluate(training::Eval& eval) { agents::evaluate(options_.env, actor_->policy(), eval); }

}  // namespace agents

// PPO (Schulman et al. 2017, eq. 7 and 9): maximise E[min(r A, clip(r, 1 - eps, 1 + eps) A)] - c1 (V - R)^2 +
// c2 H.
#include "agents/policy_gradient/ppo.h"

#include <algorithm>
#include <cmath>

#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

void Ppo::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete or Box action space");
  f.section("net", net, "Policy and value networks (two of this shape, or one of both)");
  f.list_section(
      "ppo",
      [this](core::Fields& own) {
        actor_critic.fields(own);
        own.add("epochs", epochs, "Passes over each rollout", {.min = 1, .max = 1000});
        own.add("minibatch_size", minibatch_size,
                "Transitions behind each update, at most num_envs * num_steps; a pass's last one has what is "
                "left",
                {.min = 1, .unit = "transitions"});
        own.add("clip", clip, "Largest change of a probability ratio that pays",
                {.min = 0, .max = 10, .above = true});
        own.add("anneal_clip", anneal_clip, "The clip shrinks linearly to 0 over the budget");
        own.add("value_clip", value_clip, "Largest change of a value that pays; 0: no limit", {.min = 0});
        own.add("kl_stop", kl_stop, "The epochs end once the policy has moved this far; 0: never",
                {.min = 0, .unit = "nats"});
      },
      "PPO's own options");
}

void Ppo::build(training::Build& b) {
  const auto& o = options_;
  const int64_t size = o.actor_critic.rollout.transitions();
  core::check(
      o.minibatch_size <= size,
      "ppo.minibatch_size: expected at most the rollout's {} transitions (num_envs * num_steps), found {}",
      size, o.minibatch_size);
  actor_critic_ = std::make_unique<ActorCritic>("ppo", o.env, o.net, o.actor_critic, o.minibatch_size, b);
  b.metric({"train/clip_fraction", "", "Share of the probability ratios beyond the clip"});
}

RowLoss ppo_loss(const Transition& t, float clip, float value_clip) {
  // The smaller of both is a bound from below: beyond the clip it has no slope (eq. 7).
  const float ratio = std::exp(t.log_prob - t.old_log_prob), held = std::clamp(ratio, 1 - clip, 1 + clip);
  const bool pays = ratio * t.advantage <= held * t.advantage;
  // The larger error of the value and of the clipped value.
  const float error = t.value - t.target, moved = t.value - t.old_value;
  const float held_error =
      value_clip > 0 ? t.old_value + std::clamp(moved, -value_clip, value_clip) - t.target : error;
  const bool free = error * error >= held_error * held_error;
  return {.surrogate = -std::min(ratio * t.advantage, held * t.advantage),
          .value_loss = 0.5f * std::max(error * error, held_error * held_error),
          .d_log_prob = pays ? -ratio * t.advantage : 0,
          .d_value = free ? error : 0,
          .clipped = ratio != held};
}

void Ppo::step(training::Step& step) {
  const Options& o = options_;
  const auto clip = static_cast<float>(o.clip * (o.anneal_clip ? 1 - step.progress() : 1));
  const auto loss = [&](const Transition& t) { return ppo_loss(t, clip, static_cast<float>(o.value_clip)); };

  actor_critic_->played().collect(step);
  for (int64_t epoch = 0; epoch < o.epochs; ++epoch) {
    const torch::Tensor order = actor_critic_->played().shuffled();
    for (int64_t first = 0; first < order.size(0); first += o.minibatch_size) {
      const int64_t B = std::min(o.minibatch_size, order.size(0) - first);
      const auto terms = actor_critic_->update(step, order.data_ptr<int64_t>() + first, B, loss);
      step.log("train/clip_fraction", terms.clip_fraction);
      if (o.kl_stop > 0 && terms.kl > o.kl_stop) return;
    }
  }
}

void Ppo::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return actor_critic_->act(x...); }, eval);
}

}  // namespace agents

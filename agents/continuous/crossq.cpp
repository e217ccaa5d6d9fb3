#include "agents/continuous/crossq.h"

#include "agents/continuous/critics.h"
#include "agents/evaluation.h"

namespace agents {

void CrossQ::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy, and but for their widths two critics");
  f.list_section(
      "crossq",
      [this](core::Fields& own) {
        replay.fields(own);
        entropy.fields(own);
        own.add("critic_hidden", critic_hidden, "Widths of the critics' hidden layers", {.min = 1});
        own.add("policy_delay", policy_delay, "Updates of the critics for each one of the policy",
                {.min = 1, .max = 1e6, .unit = "updates"});
        norm.fields(own);
      },
      "CrossQ's own options; its authors learn with optim.beta1: 0.5");
}

void CrossQ::build(training::Build& b) {
  experience_ = std::make_unique<Experience>("crossq", options_.env, options_.replay, b);
  const envs::Spec& spec = experience_->spec();
  PolicyNetOptions policy = options_.net;
  policy.renorm = options_.norm;
  PolicyNetOptions critic = policy;
  critic.mlp.hidden = options_.critic_hidden;
  check_nets("crossq", policy, options_.replay);
  check_nets("crossq", critic, options_.replay);
  actor_.emplace("crossq", spec, policy, options_.entropy, options_.replay, b);
  critics_.emplace("crossq", spec, critic, options_.replay.batch_size, b);
  worth_.resize(static_cast<size_t>(options_.replay.batch_size));
  register_critics(b);
  register_evaluation(options_.env, b);
}

// y = r + gamma (min Q(s', a') - alpha log pi(a' | s')), which has no slope; next_values [B, 2] -> [B].
torch::Tensor CrossQ::targets(const torch::Tensor& next_values) const {
  const torch::Tensor y = next_values.detach().amin(1).contiguous();
  float* rows = y.data_ptr<float>();
  for (int64_t b = 0; b < y.size(0); ++b)
    rows[b] = experience_->target(b, rows[b] + worth_[static_cast<size_t>(b)]);
  return y;
}

// J_Q = E[1/2 (Q(s, a) - y)^2], for both critics, a' ~ pi(. | s').
int64_t CrossQ::update_critics(training::Step& step) {
  actor_->propose(experience_->next(), critics_->next(), worth_.data());
  critics_->pairs().see(*experience_);
  const auto [q, next_q] = critics_->cross();
  const torch::Tensor error = q - targets(next_q).unsqueeze(1);  // [B, 2]
  step.log("train/q", q.detach().select(1, 0).mean().item<double>());
  return step.update("critic", {{"squared_error", 0.5 * error.square().sum(1).mean()}}).steps;
}

// J_pi = E[alpha log pi(a | s) - min Q(s, a)], by the critics' running statistics.
void CrossQ::update_actor(training::Step& step) {
  actor_->propose(experience_->seen(), critics_->pairs());
  const double value = critics_->climb();
  actor_->learn(critics_->pairs(), value, step);
}

void CrossQ::learn(training::Step& step) {
  experience_->draw();
  const int64_t steps = update_critics(step);
  if (steps > 0 && steps % options_.policy_delay == 0) update_actor(step);
}

void CrossQ::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) {
    actor_->explore(*experience_, seen, actions);
  };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void CrossQ::evaluate(training::Eval& eval) { agents::evaluate(options_.env, actor_->policy(), eval); }

}  // namespace agents

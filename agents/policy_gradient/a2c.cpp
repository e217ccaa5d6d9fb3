// A2C (Mnih et al. 2016, synchronous): ascend log pi(a|s) A - c1 (V - R)^2 + c2 H after every few steps.
#include "agents/policy_gradient/a2c.h"

#include "agents/evaluation.h"

namespace agents {

void A2c::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete or Box action space");
  f.section("net", net, "Policy and value networks (two of this shape, or one of both)");
  f.list_section(
      "a2c", [this](core::Fields& own) { actor_critic.fields(own); }, "A2C's own options");
}

void A2c::build(training::Build& b) {
  const ActorCriticOptions& o = options_.actor_critic;
  actor_critic_ =
      std::make_unique<ActorCritic>("a2c", options_.env, options_.net, o, o.rollout.transitions(), b);
  rows_ = actor_critic_->played().in_order();
}

RowLoss a2c_loss(const Transition& t) {
  const float error = t.value - t.target;
  return {.surrogate = -t.log_prob * t.advantage,
          .value_loss = 0.5f * error * error,
          .d_log_prob = -t.advantage,
          .d_value = error};
}

void A2c::step(training::Step& step) {
  actor_critic_->played().collect(step);
  actor_critic_->update(step, rows_.data_ptr<int64_t>(), rows_.size(0), a2c_loss);
}

void A2c::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return actor_critic_->act(x...); }, eval);
}

}  // namespace agents

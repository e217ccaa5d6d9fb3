#include "agents/continuous/ddpg.h"

#include "agents/evaluation.h"

namespace agents {

void Ddpg::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy and critic (two networks of this shape)");
  f.list_section(
      "ddpg",
      [this](core::Fields& own) {
        replay.fields(own);
        exploration.fields(own);
        targets.fields(own);
      },
      "DDPG's own options");
}

void Ddpg::build(training::Build& b) {
  experience_ = std::make_unique<Experience>("ddpg", options_.env, options_.replay, b);
  const envs::Spec& spec = experience_->spec();
  const int64_t B = options_.replay.batch_size;
  check_nets("ddpg", options_.net, options_.replay);
  actor_.emplace("ddpg", spec, options_.net, b);
  critic_.emplace("ddpg", spec, options_.net, 1, B, b);
  noise_.emplace(options_.exploration, options_.replay.num_envs, spec.action.size(), b);
  targets_.resize(static_cast<size_t>(B));
  register_critics(b);
  register_evaluation(options_.env, b);
}

// y = r + gamma Q'(s', mu'(s')).
void Ddpg::estimate_targets() {
  actor_->propose(experience_->next(), *critic_);
  const float* q = critic_->targets().of[0];
  for (size_t b = 0; b < targets_.size(); ++b) targets_[b] = experience_->target(int64_t(b), q[b]);
}

void Ddpg::learn(training::Step& step) {
  experience_->draw();
  estimate_targets();
  critic_->learn(*experience_, targets_, step);
  actor_->learn(*critic_, experience_->seen().tensor(), step);
  critic_->follow(options_.targets.tau);
  actor_->follow(options_.targets.tau);
}

// a = mu(s) + noise.
void Ddpg::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) {
    actor_->explore(*noise_, *experience_, seen, actions);
  };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void Ddpg::evaluate(training::Eval& eval) { agents::evaluate(options_.env, actor_->policy(), eval); }

}  // namespace agents

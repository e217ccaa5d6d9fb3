#include "agents/continuous/sac.h"

#include "agents/evaluation.h"

namespace agents {

void Sac::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy and critics (three networks of this shape)");
  f.list_section(
      "sac",
      [this](core::Fields& own) {
        replay.fields(own);
        targets.fields(own);
        entropy.fields(own);
        exploration.fields(own);
      },
      "SAC's own options");
}

void Sac::build(training::Build& b) {
  experience_ = std::make_unique<Experience>("sac", options_.env, options_.replay, b);
  const envs::Spec& spec = experience_->spec();
  const int64_t B = options_.replay.batch_size;
  check_nets("sac", options_.net, options_.replay);
  PolicyNetOptions net = options_.net;
  net.sde = options_.exploration.of_squashed();
  actor_.emplace("sac", spec, net, options_.entropy, options_.replay, b);
  critics_.emplace("sac", spec, options_.net, 2, B, b);
  targets_.resize(static_cast<size_t>(B));
  register_critics(b);
  register_evaluation(options_.env, b);
}

// y = r + gamma (min Q_target(s', a') - alpha log pi(a' | s')), a' ~ pi(. | s') (eq. 3 and 5).
void Sac::estimate_targets() {
  actor_->propose(experience_->next(), critics_->pairs(),
                  targets_.data());  // first what the entropy is worth
  const Critics::Values& q = critics_->targets();
  for (int64_t b = 0; b < experience_->batch_size(); ++b)
    targets_[b] = experience_->target(b, q.smallest(b) + targets_[b]);
}

// J_pi = E[alpha log pi(a | s) - min Q(s, a)], a = tanh(mean + deviation * noise) (eq. 9).
void Sac::update_actor(training::Step& step) {
  const int64_t B = experience_->batch_size();
  const float share = 1 / static_cast<float>(B);
  actor_->propose(experience_->seen(), critics_->pairs());
  const Critics::Values& q = critics_->values();
  double value = 0;
  for (int64_t b = 0; b < B; ++b) {  // the smaller one alone has a slope
    const bool is_first = q.of[0][b] < q.of[1][b];
    critics_->d_values(0)[b] = is_first ? -share : 0;
    critics_->d_values(1)[b] = is_first ? 0 : -share;
    value += static_cast<double>(q.smallest(b));
  }
  critics_->backward_to_actions();
  actor_->learn(critics_->pairs(), value / static_cast<double>(B), step);
}

// J_Q = E[1/2 (Q(s, a) - y)^2], for both critics (eq. 5), and then J_pi.
void Sac::learn(training::Step& step) {
  experience_->draw();
  estimate_targets();
  critics_->learn(*experience_, targets_, step);
  update_actor(step);
  critics_->follow(options_.targets.tau);
}

void Sac::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) {
    actor_->explore(*experience_, seen, actions);
  };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void Sac::evaluate(training::Eval& eval) { agents::evaluate(options_.env, actor_->policy(), eval); }

}  // namespace agents

#include "agents/continuous/tqc.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/evaluation.h"
#include "agents/quantile_huber.h"
#include "core/error.h"

namespace agents {

void Tqc::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Box action space of finite bounds");
  f.section("net", net, "Policy and critics (networks of this shape)");
  f.list_section(
      "tqc",
      [this](core::Fields& own) {
        replay.fields(own);
        targets.fields(own);
        entropy.fields(own);
        exploration.fields(own);
        own.add("critics", critics, "Networks that say how returns are distributed", {.min = 1, .max = 100});
        own.add("quantiles", quantiles, "Numbers by which each of them says it", {.min = 1, .max = 1000});
        own.add("drop", drop, "Largest numbers that targets leave out, for each critic",
                {.min = 0, .max = 999});
      },
      "TQC's own options");
}

void Tqc::build(training::Build& b) {
  core::check(options_.drop < options_.quantiles, "tqc.drop: expected less than tqc.quantiles = {}, found {}",
              options_.quantiles, options_.drop);
  experience_ = std::make_unique<Experience>("tqc", options_.env, options_.replay, b);
  const envs::Spec& spec = experience_->spec();
  const int64_t B = options_.replay.batch_size;
  check_nets("tqc", options_.net, options_.replay);
  PolicyNetOptions net = options_.net;
  net.sde = options_.exploration.of_squashed();
  actor_.emplace("tqc", spec, net, options_.entropy, options_.replay, b);
  critics_.emplace("tqc", spec, options_.net,
                   Critics::Shape{.count = options_.critics, .width = options_.quantiles, .rows = B},
                   training::MetricSpec{"quantile_huber", "",
                                        "Quantile Huber loss, mean over the batch, summed over critics"},
                   b);
  pool_.resize(static_cast<size_t>(options_.critics * options_.quantiles));
  worth_.resize(static_cast<size_t>(B));
  targets_.resize(static_cast<size_t>(B * kept()));
  register_critics(b);
  register_evaluation(options_.env, b);
}

// What is no number stands behind all that are, so that there is an order.
static bool smaller(float a, float b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

// y_i = r + gamma (z_i(s', a') - alpha log pi(a' | s')), a' ~ pi(. | s'), over the smallest z of all targets'
// quantiles (eq. 11).
void Tqc::estimate_targets() {
  const int64_t M = options_.quantiles, n = kept();
  actor_->propose(experience_->next(), critics_->pairs(), worth_.data());
  const Critics::Values& z = critics_->targets();
  for (int64_t b = 0; b < experience_->batch_size(); ++b) {
    for (size_t k = 0; k < z.of.size(); ++k)
      std::copy_n(z.of[k] + b * M, M, pool_.begin() + static_cast<int64_t>(k) * M);
    std::nth_element(pool_.begin(), pool_.begin() + n, pool_.end(), smaller);  // the smallest come first
    for (int64_t i = 0; i < n; ++i) targets_[b * n + i] = experience_->target(b, pool_[i] + worth_[b]);
  }
}

// J_Z = E[quantile_huber / M], for each critic.
void Tqc::update_critics(training::Step& step) {
  const int64_t B = experience_->batch_size(), M = options_.quantiles, n = kept();
  const float share = 1 / static_cast<float>(B * M);
  critics_->pairs().see(*experience_);
  const Critics::Values& z = critics_->values();
  double loss = 0;
  for (size_t k = 0; k < z.of.size(); ++k)
    for (int64_t b = 0; b < B; ++b)
      loss += static_cast<double>(quantile_huber(z.of[k] + b * M, M, targets_.data() + b * n, n, share,
                                                 critics_->d_values(k) + b * M));
  step.log("train/q", z.mean(B * M));
  critics_->backward();
  step.apply_gradients("critic", {{"quantile_huber", loss / static_cast<double>(B * M)}});
}

// J_pi = E[alpha log pi(a | s) - Q(s, a)], where Q is the mean of all quantiles, none left out.
void Tqc::update_actor(training::Step& step) {
  const int64_t B = experience_->batch_size(), M = options_.quantiles;
  actor_->propose(experience_->seen(), critics_->pairs());
  const Critics::Values& z = critics_->values();
  double value = 0;
  for (size_t k = 0; k < z.of.size(); ++k) {
    value += std::accumulate(z.of[k], z.of[k] + B * M, 0.0);
    std::fill_n(critics_->d_values(k), B * M, -1 / static_cast<float>(B * M * options_.critics));
  }
  critics_->backward_to_actions();
  actor_->learn(critics_->pairs(), value / static_cast<double>(B * M * options_.critics), step);
}

void Tqc::learn(training::Step& step) {
  experience_->draw();
  estimate_targets();
  update_critics(step);
  update_actor(step);
  critics_->follow(options_.targets.tau);
}

void Tqc::step(training::Step& step) {
  const auto act = [this](training::MlpInput seen, float* actions) {
    actor_->explore(*experience_, seen, actions);
  };
  if (!experience_->play(step, act)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

void Tqc::evaluate(training::Eval& eval) { agents::evaluate(options_.env, actor_->policy(), eval); }

}  // namespace agents

#include "agents/policy_gradient/trpo.h"

#include <algorithm>

#include "agents/evaluation.h"
#include "agents/returns.h"
#include "core/error.h"

namespace agents {

void Trpo::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete or Box action space");
  f.section("net", net, "Policy and value networks, two of this shape");
  f.list_section(
      "trpo",
      [this](core::Fields& own) {
        rollout.fields(own);
        own.add("normalize_advantage", normalize_advantage,
                "Advantages get mean 0 and deviation 1 over the rollout");
        region.fields(own);
        own.add("value_epochs", value_epochs, "Passes of the value network over each rollout",
                {.min = 1, .max = 1000});
        own.add("minibatch_size", minibatch_size,
                "Transitions behind each update of the value network, at most num_envs * num_steps; a pass's "
                "last one has what is left",
                {.min = 1, .unit = "transitions"});
      },
      "TRPO's own options");
}

void Trpo::build(training::Build& b) {
  const Options& o = options_;
  check_plain("trpo", o.net);
  core::check(
      o.minibatch_size <= o.rollout.transitions(),
      "trpo.minibatch_size: expected at most the rollout's {} transitions (num_envs * num_steps), found {}",
      o.rollout.transitions(), o.minibatch_size);
  played_ = std::make_unique<ValuedRollout>("trpo", o.env, o.net, o.rollout, b);
  b.update("policy",
           {{"surrogate", "", "By how much the step raised E[r A], mean over the rollout"},
            {"kl", "nats", "How far it moved the policy: KL(before || after), mean over the rollout"},
            {"share", "", "Share of the longest step that was taken; 0: none was good"},
            {"grad_norm", "", "Norm of the slope of E[r A] before the step"}});
  b.metric({"train/entropy", "nats", "Mean entropy of the policy before the step"});
  b.optimizer("value", {played_->nets().critic()},
              {{"squared_error", "reward^2", "Squared error of the value network, mean over the batch"}});
}

// The whole rollout.
PolicyBatch Trpo::batch() const {
  const torch::Tensor all = played_->in_order(), advantages = played_->advantages();
  return {.seen = played_->input_of(all),
          .mask = played_->mask_of(all),
          .actions = played_->actions().flatten(0, 1),
          .log_probs = played_->log_probs().flatten(),
          .advantages = (options_.normalize_advantage ? normalize(advantages, torch::ones_like(advantages))
                                                      : advantages)
                            .flatten()};
}

void Trpo::move_policy(training::Step& step) {
  const PolicyStep taken = trust_region_step(played_->nets().actor(), batch(), options_.region);
  step.updated("policy", {{"surrogate", taken.surrogate},
                          {"kl", taken.kl},
                          {"share", taken.share},
                          {"grad_norm", taken.grad_norm}});
  step.log("train/entropy", taken.entropy);
}

// One update, over the B transitions at `rows`.
void Trpo::fit_values(const torch::Tensor& rows, training::Step& step) {
  const torch::Tensor targets = played_->value_targets().flatten().index_select(0, rows);  // [B]
  const torch::Tensor errors = played_->nets().values(played_->input_of(rows)) - targets;  // [B]
  played_->nets().backward_values(errors * (2 / static_cast<double>(rows.size(0))));
  step.apply_gradients("value", {{"squared_error", errors.square().mean().item<double>()}});
}

void Trpo::fit_values(training::Step& step) {
  for (int64_t epoch = 0; epoch < options_.value_epochs; ++epoch)
    for (const torch::Tensor& rows : played_->shuffled().split(options_.minibatch_size))
      fit_values(rows, step);
}

void Trpo::step(training::Step& step) {
  played_->collect(step);
  move_policy(step);
  fit_values(step);
}

void Trpo::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return played_->act(x...); }, eval);
}

}  // namespace agents

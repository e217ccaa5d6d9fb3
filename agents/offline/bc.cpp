#include "agents/offline/bc.h"

#include <algorithm>

#include "agents/action_mask.h"
#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

void BehaviourCloning::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment in which the episodes were recorded, and the clone is judged");
  f.section("net", net, "Policy network");
  f.list_section(
      "bc",
      [this](core::Fields& own) {
        demonstrations.fields(own);
        own.add("batch_size", batch_size, "Steps behind each update",
                {.min = 1, .max = 1e6, .unit = "steps"});
      },
      "Behaviour cloning's own options");
}

void BehaviourCloning::build_data(training::Build& b) {
  Demonstrations recorded =
      demonstrations("bc.file", options_.demonstrations, options_.env, b.seed_for("validation"));
  b.note(fmt::format("{} episodes to learn from and to choose by, {} steps, mean return {:.6g}",
                     recorded.episodes, recorded.steps, recorded.mean_return));
  source_ = source_of(recorded, options_.demonstrations, options_.batch_size, b.seed_for("data"));
  valid_ = std::move(recorded.valid);
  b.source("demonstrations", *source_);
}

void BehaviourCloning::build(training::Build& b) {
  core::check(!envs::has_statistics(options_.env.wrappers),
              "env.wrappers: bc learns without the environment, whose running statistics nobody gathers");
  spec_ = options_.env.make(1, envs::EnvPurpose::evaluation)->spec();
  check_plain("bc", options_.net);
  actor_ = Actor("bc", spec_, options_.net);
  b.module("policy", *actor_);
  b.optimizer("policy", {actor_.get()},
              {{"negative_log_likelihood", "nats", "-log pi(a | s) of what was done, mean over the batch"}});
  if (b.purpose() == training::Purpose::training) build_data(b);
  b.policy([this](const auto&... x) { return actor_->act(x...); });
  register_evaluation(options_.env, b);
  b.metric({"valid/loss", "nats", "-log pi(a | s) of what was done, mean over episodes that were held out",
            training::Direction::minimize});
  if (spec_.action.is_discrete())
    b.metric({"valid/accuracy", "",
              "Share of the steps of held-out episodes in which the clone would have done the same",
              training::Direction::maximize});
  b.score("valid/loss");
}

BehaviourCloning::Fit BehaviourCloning::fit(const torch::Tensor& outputs,
                                            const torch::Tensor& actions) const {
  const int64_t B = outputs.size(0), K = outputs.size(1);
  const float* rows = outputs.data_ptr<float>();
  Fit sum;
  for (int64_t i = 0; i < B; ++i) {
    const ActionView action = actor_->action_at(actions, i);
    sum.loss -= static_cast<double>(actor_->likelihood(rows + i * K, action).log_prob);
    if (spec_.action.is_discrete())
      sum.accuracy += best_possible(rows + i * K, K, nullptr) == *action.choices;
  }
  return {sum.loss / static_cast<double>(B), sum.accuracy / static_cast<double>(B)};
}

void BehaviourCloning::step(training::Step& step) {
  const training::Batch batch = step.next(*source_);
  const torch::Tensor outputs = actor_->forward(NetInput(batch.inputs()));  // [B, K]
  const int64_t B = outputs.size(0), K = outputs.size(1);
  if (!d_outputs_.defined()) d_outputs_ = torch::empty_like(outputs);
  for (int64_t i = 0; i < B; ++i)
    actor_->likelihood_backward(outputs.data_ptr<float>() + i * K, actor_->action_at(batch.targets(), i),
                                -1 / static_cast<float>(B), 0, d_outputs_.data_ptr<float>() + i * K);
  actor_->backward(d_outputs_);
  step.apply_gradients("policy", {{"negative_log_likelihood", fit(outputs, batch.targets()).loss}});
}

void BehaviourCloning::evaluate_held_out(training::Eval& eval) {
  static constexpr int64_t at_once = 1024;  // steps
  Fit sum;
  const double all = static_cast<double>(valid_.size());
  for (int64_t first = 0; first < valid_.size(); first += at_once) {
    const training::Batch batch = training::slice(valid_, first, at_once, torch::kCPU);
    const double share = static_cast<double>(batch.size()) / all;
    const Fit part = fit(actor_->forward(NetInput(batch.inputs())), batch.targets());
    sum.loss += share * part.loss;
    sum.accuracy += share * part.accuracy;
  }
  eval.log("valid/loss", sum.loss);
  if (spec_.action.is_discrete()) eval.log("valid/accuracy", sum.accuracy);
}

void BehaviourCloning::evaluate(training::Eval& eval) {
  if (valid_.size() > 0) evaluate_held_out(eval);
  agents::evaluate(
      options_.env, [this](const auto&... x) { return actor_->act(x...); }, eval);
}

}  // namespace agents

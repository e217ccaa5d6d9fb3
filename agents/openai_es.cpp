// OpenAI-ES (Salimans et al. 2017, algorithm 1): theta += lr * (1 / n sigma) sum_i F(theta + sigma eps_i)
// eps_i, with mirrored sampling (their section 2.1), centred ranks for F, and any optimiser's step.
#include "agents/openai_es.h"

#include "agents/evaluation.h"
#include "agents/noise.h"
#include "core/error.h"
#include "core/random.h"

namespace agents {

void OpenAiEs::Options::fields(core::Fields& f) {
  f.chosen("env", env.chosen(), "Environment with Discrete or Box actions and a time limit");
  f.section("net", net, "Policy network; without hidden layers it is linear");
  f.list_section(
      "openai_es",
      [this](core::Fields& own) {
        own.add("population", population,
                "Candidates of a generation, half of them mirrored, side by side on train.threads cores",
                {.min = 2, .max = 100000});
        own.add("episodes", episodes, "Episodes that each candidate plays, from starts that all share",
                {.min = 1, .max = 10000, .unit = "episodes"});
        own.add("sigma", sigma, "Standard deviation of the candidates around the policy's parameters",
                {.min = 0, .max = 100, .above = true});
      },
      "OpenAI-ES's own options");
}

void OpenAiEs::build(training::Build& b) {
  core::check(
      options_.population % 2 == 0,
      "openai_es.population: expected an even number, since candidates come in mirrored pairs; found {}",
      options_.population);
  population_ = std::make_unique<Population>(options_.env, options_.net, options_.population);
  const envs::Spec& spec = population_->spec();
  noise_seed_ = b.seed_for("noise"), rollout_seed_ = b.seed_for("rollout");

  policy_ = training::NativeMlp("policy", spec.observation.net_width(), action_outputs(spec), options_.net);
  parameters_ = flatten(policy_).numel();
  b.module("policy", *policy_);
  b.optimizer("policy", {policy_.get()},
              {{"negative_return", "reward", "Mean return of the population, negated"}});
  b.policy([this](const torch::Tensor& o, bool, torch::Generator) {
    return act(policy_, population_->spec(), o);
  });
  b.metric({"train/return", "reward", "Mean return of the population"});
  b.metric({"train/return_best", "reward", "Return of the population's best member"});
  register_evaluation(options_.env, b);
}

torch::Tensor OpenAiEs::noise(int64_t generation) const {
  const int64_t n = options_.population / 2;
  torch::Tensor noise = torch::empty({n, parameters_}, torch::kFloat64);
  for (int64_t i = 0; i < n; ++i)
    standard_normal(noise_seed_, generation, i,
                    {noise[i].data_ptr<double>(), static_cast<size_t>(parameters_)});
  return noise;
}

torch::Tensor mirrored(const torch::Tensor& theta, const torch::Tensor& noise, double sigma) {
  return torch::cat({theta + sigma * noise, theta - sigma * noise});
}

torch::Tensor centred_ranks(const torch::Tensor& values) {
  const torch::Tensor below = (values.unsqueeze(1) > values).sum(1),
                      alike = (values.unsqueeze(1) == values).sum(1);
  return (below + (alike - 1) * 0.5) / static_cast<double>(values.numel() - 1) - 0.5;
}

torch::Tensor ascent(const torch::Tensor& noise, const torch::Tensor& fitness, double sigma) {
  const int64_t n = noise.size(0);
  const torch::Tensor differences = fitness.narrow(0, 0, n) - fitness.narrow(0, n, n);  // [n]
  return differences.to(noise.scalar_type()).matmul(noise) / (2 * static_cast<double>(n) * sigma);
}

void OpenAiEs::step(training::Step& step) {
  // Surround the parameters with candidates.
  const torch::NoGradGuard no_grad;
  const int64_t generation = step.counters().step;
  const torch::Tensor noise = this->noise(generation);  // [n, P]
  const torch::Tensor candidates = mirrored(flatten(policy_), noise, options_.sigma).to(torch::kFloat32);

  // Let each play.
  const auto played =
      population_->play(candidates, options_.episodes, core::mix(rollout_seed_, {generation}));
  const torch::Tensor returns = torch::tensor(played.returns, torch::kFloat64);  // [2 n]
  step.collected(played.steps);

  // Ascend towards those that did better than their mirror image.
  add_gradient(policy_, -ascent(noise, centred_ranks(returns), options_.sigma).to(torch::kFloat32));
  const double mean = returns.mean().item<double>();
  step.descend("policy", {{"negative_return", -mean}});
  step.log("train/return", mean);
  step.log("train/return_best", returns.max().item<double>());
}

void OpenAiEs::evaluate(training::Eval& eval) {
  const auto actor = [this](const torch::Tensor& o, bool, torch::Generator) {
    return act(policy_, population_->spec(), o);
  };
  agents::evaluate(options_.env, actor, eval);
}

}  // namespace agents

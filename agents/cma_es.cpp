// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/cma.h).
#include "agents/cma_es.h"

#include "agents/evaluation.h"
#include "core/error.h"
#include "core/random.h"

namespace agents {

static constexpr int64_t most =
    2000;  // parameters: the covariance has their square, its axes cost their cube

void CmaEs::Options::fields(core::Fields& f) {
  f.chosen("env", env.chosen(), "Environment with Discrete or Box actions and a time limit");
  f.section("net", net, "Policy network; without hidden layers it is linear");
  f.list_section(
      "cma_es",
      [this](core::Fields& own) {
        own.add("population", population,
                "Candidates of a generation (lambda), side by side on train.threads cores",
                {.min = 2, .max = 100000});
        own.add("episodes", episodes, "Episodes that each candidate plays, from starts that all share",
                {.min = 1, .max = 10000, .unit = "episodes"});
        own.add("sigma", sigma, "Standard deviation of the first candidates around the first parameters",
                {.min = 0, .max = 100, .above = true});
      },
      "CMA-ES's own options");
}

void CmaEs::build(training::Build& b) {
  population_ = std::make_unique<Population>(options_.env, options_.net, options_.population);
  const envs::Spec& spec = population_->spec();
  noise_seed_ = b.seed_for("noise"), rollout_seed_ = b.seed_for("rollout");

  policy_ = training::NativeMlp("policy", spec.observation.net_width(), action_outputs(spec), options_.net);
  const torch::Tensor start = flatten(policy_);
  core::check(start.numel() <= most,
              "net: CMA-ES searches at most {} parameters, found {}; take fewer hidden units or openai_es",
              most, start.numel());
  b.module("policy", *policy_);

  search_ = Cma(start, options_.sigma, options_.population);
  Cma::State& state = search_.state();
  b.buffer("mean", state.mean), b.buffer("sigma", state.sigma), b.buffer("covariance", state.covariance);
  b.buffer("path_sigma", state.path_sigma), b.buffer("path_c", state.path_c);
  b.buffer("generation", state.generation);
  b.update("policy", {{"step_size", "", "sigma, the standard deviation of the whole distribution"},
                      {"axis_ratio", "", "Longest by shortest axis of the distribution"}});
  b.policy([this](const torch::Tensor& o, bool, torch::Generator) {
    return act(policy_, population_->spec(), o);
  });
  b.metric({"train/return", "reward", "Mean return of the population"});
  b.metric({"train/return_best", "reward", "Return of the population's best member"});
  register_evaluation(options_.env, b);
}

void CmaEs::step(training::Step& step) {
  const int64_t generation = step.counters().step;
  const torch::Tensor candidates = search_.ask(noise_seed_).to(torch::kFloat32).cpu().contiguous();
  const auto played =
      population_->play(candidates, options_.episodes, core::mix(rollout_seed_, {generation}));
  step.collected(played.steps);
  const torch::Tensor returns = torch::tensor(played.returns, torch::kFloat64);
  search_.tell(-returns);
  assign(policy_, search_.state().mean.to(torch::kFloat32));
  step.updated("policy", {{"step_size", search_.sigma()}, {"axis_ratio", search_.axis_ratio()}});
  step.log("train/return", returns.mean().item<double>());
  step.log("train/return_best", returns.max().item<double>());
}

void CmaEs::evaluate(training::Eval& eval) {
  const auto actor = [this](const torch::Tensor& o, bool, torch::Generator) {
    return act(policy_, population_->spec(), o);
  };
  agents::evaluate(options_.env, actor, eval);
}

}  // namespace agents

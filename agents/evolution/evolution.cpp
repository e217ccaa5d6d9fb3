#include "agents/evolution/evolution.h"

#include <algorithm>
#include <numeric>

#include "agents/evaluation.h"
#include "core/error.h"
#include "core/random.h"

namespace agents {

void EvolutionOptions::fields(core::Fields& own) {
  own.add("population", population, "Candidates of a generation, side by side on train.threads cores",
          {.min = 2, .max = 100000});
  own.add("episodes", episodes, "Episodes that each candidate plays, from starts that all share",
          {.min = 1, .max = 10000, .unit = "episodes"});
  own.add(
      "sigma", sigma,
      "Standard deviation of candidates around the parameters that they come from; where it is learned, the "
      "first one",
      {.min = 0, .max = 100, .above = true});
}

static std::optional<ObservationMoments> moments_of(const envs::Options& env, bool normalize) {
  if (!normalize) return std::nullopt;
  const envs::Space space = env.make(1)->spec().observation;
  core::check(
      !space.is_discrete(),
      "env: {} shows {}, of which there is nothing to normalise: expected numbers, or normalize: false",
      env.id, space.str());
  return ObservationMoments(static_cast<size_t>(space.net_width()));
}

Evolution::Evolution(const envs::Options& env, const training::MlpOptions& net,
                     const EvolutionOptions& options, training::Build& b, bool normalize)
    : env_(env),
      options_(options),
      moments_(moments_of(env, normalize)),
      population_(env, net, options.population, moments_ ? &*moments_ : nullptr),
      rollout_seed_(b.seed_for("rollout")) {
  training::check_no_dropout(net);
  const envs::Spec& spec = population_.spec();
  policy_ = training::NativeMlp("policy", spec.observation.net_width(), action_outputs(spec), net);
  b.module("policy", *policy_);
  b.collects();
  if (moments_)
    b.inference_state("observation_moments", [this](core::Archive& archive) { moments_->state(archive); });
  b.policy([this](const auto& input, bool, torch::Generator) { return act(input); });
  b.metric({"train/return", "reward", "Mean return of the population", training::Direction::maximize});
  b.metric({"train/return_best", "reward", "Return of the population's best member",
            training::Direction::maximize});
  register_evaluation(env, b);
}

std::vector<double> Evolution::play(const std::vector<double>& candidates, training::Step& step) {
  const uint64_t seed = core::mix(rollout_seed_, {step.counters().step});
  auto [returns, steps] = population_.play(candidates, options_.episodes, seed);
  step.collected(steps);
  const double sum = std::accumulate(returns.begin(), returns.end(), 0.0);
  step.log("train/return", sum / static_cast<double>(returns.size()));
  step.log("train/return_best", *std::max_element(returns.begin(), returns.end()));
  return returns;
}

// Observations [N, ...] as the members see them, [N, O].
static torch::Tensor normalized(const ObservationMoments& moments, const torch::Tensor& observations) {
  const torch::Tensor rows = observations.flatten(1).contiguous().clone();
  for (int64_t i = 0; i < rows.size(0); ++i) moments.normalize(rows.data_ptr<float>() + i * rows.size(1));
  return rows;
}

training::PolicyOutput Evolution::act(const training::PolicyInput& input) {
  training::PolicyInput seen = input;
  if (moments_) seen.observations = normalized(*moments_, input.observations);
  return agents::act(policy_, population_.spec(), seen);
}

void Evolution::evaluate(training::Eval& eval) {
  agents::evaluate(
      env_, [this](const auto& input, bool, torch::Generator) { return act(input); }, eval);
}

}  // namespace agents

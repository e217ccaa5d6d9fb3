// Evaluation of any policy: whole episodes, each from its own reset(seed), greedily and sampled.
#pragma once

#include <filesystem>
#include <functional>

#include "envs/all.h"
#include "training/loop/learner.h"

namespace agents {

// The format of episodes.h5 for this environment and what the policy tells with each action.
core::EpisodeFormat episode_format(const envs::Options& env, const envs::Spec& spec,
                                   const training::PolicyOutput& acted);

struct EvaluationResult {
  double mean_return = 0, mean_length = 0;
  double deviation_return = 0, deviation_length = 0;  // of the episodes, n - 1; 0 for one
};
using Record = std::function<void(const core::EpisodeFormat&, core::Episode&)>;

// Plays `n` episodes, episode i from reset(seed + i), and hands the first `recorded` of them to `record` in
// order of i: only their rows are kept. What a greedy episode does depends on its seed alone, not on how many
// are played. An environment without a time limit is cut after 10,000 steps.
EvaluationResult play(const envs::Options& env, const training::Policy& act, bool greedy, uint64_t seed,
                      int64_t n, torch::Generator generator, int64_t recorded = 0, const Record& record = {});

// Mean return of one greedy episode in each of these environments, environment i from reset(seed + i).
double play(envs::Envs& envs, const training::Policy& act, uint64_t seed = 0);
// The policy in a run's best.h5 or last.h5. Error when the file is not such a checkpoint.
training::Policy load_policy(const std::filesystem::path& checkpoint);

// Registers eval/return_greedy, eval/return_sampled, eval/length_greedy, eval/length_sampled. The first is
// the score, unless the environment is a table: then eval/return_exact is, which needs no luck. It is the
// expected undiscounted return of the greedy policy within the time limit (10,000 steps where there is none),
// be it made of costs or, as on FrozenLake, the probability of success. Running statistics of the
// environment's wrappers become part of what gives the weights their meaning.
void register_evaluation(const envs::Options& env, training::Build& build);
// Logs them, and records every episode. Policy must answer states [S] at once as it answers each alone.
void evaluate(const envs::Options& env, const training::Policy& act, training::Eval& eval);

}  // namespace agents

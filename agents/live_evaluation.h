// Evaluation of policies that are handed the environment itself, so that they can plan with copies of it.
#pragma once

#include "agents/evaluation.h"

namespace agents {

using LivePolicy = std::function<training::PolicyOutput(envs::Envs& one, const training::PolicyInput& input,
                                                        bool greedy, torch::Generator generator)>;

// As register_evaluation and evaluate, but the episodes are played one after another, and nothing is computed
// from a table: what such a policy does in a state that nobody is in cannot be asked.
void register_live_evaluation(envs::Options env, training::Build& build);
void evaluate_live(envs::Options env, const LivePolicy& act, training::Eval& eval);

}  // namespace agents

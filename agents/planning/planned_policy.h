// What a policy tells of the moves that it planned.
#pragma once

#include "agents/planning/plan.h"
#include "training/loop/learner.h"

namespace agents {

// For N rows: what was tried most, or sampled by the visits.
training::PolicyOutput told(const std::vector<Plan>& plans, int64_t actions, bool greedy,
                            torch::Generator generator);

}  // namespace agents

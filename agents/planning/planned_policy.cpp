#include "agents/planning/planned_policy.h"

#include <algorithm>

namespace agents {

training::PolicyOutput told(const std::vector<Plan>& plans, int64_t A, bool greedy,
                            torch::Generator generator) {
  const int64_t N = std::ssize(plans);
  training::PolicyOutput acted{.actions = torch::empty({N}, torch::kInt64),
                               .probabilities = torch::empty({N, A}),
                               .value = torch::empty({N})};
  for (int64_t i = 0; i < N; ++i) {
    const Plan& plan = plans[static_cast<size_t>(i)];
    acted.actions.data_ptr<int64_t>()[i] = most_tried(plan);
    acted.value.data_ptr<float>()[i] = static_cast<float>(plan.value);
    std::copy(plan.visits.begin(), plan.visits.end(), acted.probabilities.data_ptr<float>() + i * A);
  }
  if (greedy) return acted;
  const torch::Tensor none = acted.probabilities.sum(1, true) == 0;  // [N, 1] nothing is left to do
  acted.actions = torch::multinomial(acted.probabilities + none, 1, true, generator).squeeze(1);
  return acted;
}

}  // namespace agents

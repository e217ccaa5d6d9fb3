// What an actor says of actions row by row, and its parameters' slopes by its own rule.
#pragma once

#include <vector>

#include "agents/actor.h"

struct RowSlopes {
  torch::Tensor log_probs, entropies;  // [B]
  std::vector<torch::Tensor> gradients;
};

// Of sum_b d_log_prob_b log pi(action_b) + d_entropy_b entropy_b. `outputs`: those of the last forward(). No
// gradient stays behind.
inline RowSlopes row_slopes(agents::ActorImpl& actor, const torch::Tensor& outputs,
                            const torch::Tensor& actions, const torch::Tensor& d_log_prob,
                            const torch::Tensor& d_entropy) {
  const int64_t B = outputs.size(0), width = outputs.size(1);
  RowSlopes found{torch::zeros({B}), torch::zeros({B}), {}};
  const torch::Tensor d_outputs = torch::zeros({B, width});
  for (int64_t b = 0; b < B; ++b) {
    const float* row = outputs.data_ptr<float>() + b * width;
    const auto [log_prob, entropy] = actor.likelihood(row, actor.action_at(actions, b));
    found.log_probs[b] = log_prob;
    found.entropies[b] = entropy;
    actor.likelihood_backward(row, actor.action_at(actions, b), d_log_prob[b].item<float>(),
                              d_entropy[b].item<float>(), d_outputs.data_ptr<float>() + b * width);
  }
  actor.backward(d_outputs);
  for (auto& parameter : actor.parameters()) {
    found.gradients.push_back(parameter.grad().clone());
    parameter.mutable_grad() = torch::Tensor();
  }
  return found;
}

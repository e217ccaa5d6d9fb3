// Returns of episodes, and what is subtracted from them.
#pragma once

#include <torch/torch.h>

namespace agents {

// Returns-to-go G_t = sum_k gamma^k r_{t+k} within an episode. rewards, alive: [T, N] float32 (alive: 1 while
// the episode of column n lasts, its last step included). Result [T, N], 0 where not alive.
torch::Tensor returns_to_go(const torch::Tensor& rewards, const torch::Tensor& alive, double gamma);

// The mean over the episodes still alive at each time step, [T, 1].
torch::Tensor timestep_mean(const torch::Tensor& returns, const torch::Tensor& alive);

// (x - mean) / (std + 1e-8) over the entries where alive is 1; 0 elsewhere. A single entry becomes 0.
torch::Tensor normalize(const torch::Tensor& x, const torch::Tensor& alive);

}  // namespace agents

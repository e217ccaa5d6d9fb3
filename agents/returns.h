// Returns of episodes, and what is subtracted from them.
#pragma once

#include "training/torch.h"

namespace agents {

// Returns-to-go G_t = sum_k gamma^k r_{t+k} within an episode. rewards, alive: [T, N] float32 (alive: 1 while
// the episode of column n lasts, its last step included). Result [T, N], 0 where not alive.
torch::Tensor returns_to_go(const torch::Tensor& rewards, const torch::Tensor& alive, double gamma);

// For each episode, the mean over the others that are still alive at the same time step, 0 where there is
// none: [T, N]. An episode's own return is left out, since it depends on the action that it would be held
// against.
torch::Tensor timestep_mean(const torch::Tensor& returns, const torch::Tensor& alive);

// (x - mean) / (std + 1e-8) over the entries where alive is 1; 0 elsewhere. A single entry, which would
// become 0 whatever it is, stays as it is.
torch::Tensor normalize(const torch::Tensor& x, const torch::Tensor& alive);

// What a rollout of T steps of N environments leaves for its advantages.
struct GaeInput {
  torch::Tensor rewards;                // [T, N]
  torch::Tensor terminated, truncated;  // [T, N] uint8
  torch::Tensor values;                 // [T + 1, N]: V(s_t); the last row is where the next rollout begins
  torch::Tensor final_values;  // [T, N]: V of an episode's own last observation, read where `truncated` alone
};
// Generalised advantage estimation (Schulman 2016, eq. 16), [T, N]: the sum over k of (gamma lambda)^k
// delta_{t+k}, cut at every end of an episode. delta_t = r_t + gamma V(s_{t+1}) - V(s_t), where V(s_{t+1}) is
// 0 after `terminated` and the cut value after `truncated` alone.
torch::Tensor gae(const GaeInput& played, double gamma, double lambda);

// 1 - Var(target - value) / Var(target): 1 is perfect, 0 no better than a constant; 0 where the targets do
// not vary.
double explained_variance(const torch::Tensor& values, const torch::Tensor& targets);

}  // namespace agents

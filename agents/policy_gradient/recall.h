// What recurrent nets remember along a rollout of T steps of N environments.
#pragma once

#include "training/torch.h"

#include "core/archive.h"

namespace agents {

struct Recall {
  Recall(int64_t T, int64_t N, int64_t M);

  void begin();  // a rollout
  // Where episodes ended with step t - 1, `ended` [N], what is remembered is given up.
  void end_episodes(int64_t t, const torch::Tensor& ended);
  void state(core::Archive& archive);

  torch::Tensor now;     // [N, M]
  torch::Tensor first;   // [N, M], when the rollout began
  torch::Tensor starts;  // [T + 1, N] uint8: 1 where an episode begins within the rollout
};

// The transitions t * N + n of a rollout as sequences of T rows, one environment of `order` after another.
torch::Tensor sequences(const torch::Tensor& order, int64_t T, int64_t N);

}  // namespace agents

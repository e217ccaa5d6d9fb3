// How a network's outputs are action values: as they are, or dueling (Wang et al. 2016): V + A_a - mean A.
#pragma once

#include "training/torch.h"

#include <cstdint>

#include "agents/action_mask.h"

namespace agents {

// Q(s, .) from one row of outputs: [A] or, dueling, [1 + A].
struct QHead {
  int64_t actions;  // A
  bool dueling;

  int64_t outputs() const { return actions + dueling; }
  int64_t best(const float* row, MaskRow mask = nullptr) const;  // argmax_a Q, of the possible
  float value(const float* row, int64_t action) const;
  void backward(int64_t action, float d_value, float* d_row) const;  // writes d_value * dQ_a / d row
  torch::Tensor values(const torch::Tensor& outputs) const;          // [N, outputs] -> [N, A]
};

}  // namespace agents

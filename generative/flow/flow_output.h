// What an invertible map of B rows gives: the rows, and by how much it stretched them.
#pragma once

#include "training/torch.h"

namespace generative {

struct FlowOutput {
  torch::Tensor y;        // [B, D]
  torch::Tensor log_det;  // [B], ln |det dy / dx|, nats
};

}  // namespace generative

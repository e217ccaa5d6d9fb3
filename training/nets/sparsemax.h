// Sparsemax (Martins & Astudillo 2016, equations 2 and 6): the probabilities nearest to the scores,
//   argmin over p >= 0, sum p = 1 of |p - z|^2 = max(z - tau, 0), tau = (sum of the scores above it - 1) /
//   how many,
// so that low scores get exactly 0.
#pragma once

#include "training/torch.h"

namespace training {

// Over the last dimension.
torch::Tensor sparsemax(const torch::Tensor& scores);

}  // namespace training

// A time as numbers that a net can tell apart: sines and cosines of frequencies from 1 to 1/10,000 (Vaswani
// et al. 2017, section 3.5; of diffusion times Ho, Jain & Abbeel 2020, appendix B).
#pragma once

#include "training/torch.h"

namespace training {

// t [B] float32 -> [B, width]: cosines, then sines of t times each of width / 2 frequencies; width is even.
torch::Tensor time_embedding(const torch::Tensor& t, int64_t width);

}  // namespace training

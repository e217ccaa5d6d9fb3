// A price on the critic's slope: pulled to 1 between data and samples (Gulrajani et al. 2017, equation 3), or
// to 0 at the data (Mescheder, Geiger & Nowozin 2018, equation 9).
#pragma once

#include "training/torch.h"

#include <functional>

namespace generative {

using Critic = std::function<torch::Tensor(const torch::Tensor&)>;  // [B, ...] -> [B, 1], unbounded

// E (|grad D(x)| - norm)^2, differentiable to the critic's parameters; x [B, ...].
torch::Tensor gradient_penalty(const Critic& critic, const torch::Tensor& x, double norm);

// Each row somewhere on the straight line from its sample to its data, both [B, ...].
torch::Tensor between(const torch::Tensor& x, const torch::Tensor& samples, const torch::Generator& noise);

}  // namespace generative

#include "training/nets/tangent.h"

namespace training {

// The slope J^T u along any weights u of the outputs is linear in u, and its own slope, along u, is J v.
torch::Tensor tangent(const torch::Tensor& outputs, const std::vector<torch::Tensor>& parameters,
                      const std::vector<torch::Tensor>& direction) {
  std::vector<torch::Tensor> moving, ways;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].requires_grad()) continue;
    moving.push_back(parameters[i]);
    ways.push_back(direction[i]);
  }
  const torch::Tensor weights = torch::zeros_like(outputs).requires_grad_();  // u
  const auto slopes = torch::autograd::grad({outputs}, moving, {weights}, true, true, true);
  torch::Tensor along = weights.sum() * 0;
  for (size_t i = 0; i < slopes.size(); ++i)
    if (slopes[i].defined()) along = along + (slopes[i] * ways[i]).sum();
  return torch::autograd::grad({along}, {weights}, {}, true)[0];
}

}  // namespace training

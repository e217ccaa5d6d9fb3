// One Gaussian around the codes of what was learned from: what a model without a prior draws codes from
// (Ghosh et al. 2020, From variational to deterministic autoencoders: ex-post density estimation).
#pragma once

#include "training/torch.h"

#include "core/canvas.h"

namespace generative {

// Mean and second moments of the codes, running over the newest hundred batches; buffers of the module.
class CodeDensityImpl : public torch::nn::Module {
 public:
  explicit CodeDensityImpl(int64_t dimensions);

  void see(const torch::Tensor& codes, int64_t step);  // [B, Z] of this step, 0 the first
  // [n, Z]; temperature scales the distance from the mean.
  torch::Tensor sample(int64_t n, double temperature, const torch::Generator& generator) const;
  core::Rect window() const;  // of codes of two numbers: two standard deviations to every side

 private:
  torch::Tensor covariance() const;  // [Z, Z], float64 on the CPU

  torch::Tensor mean_, second_moments_;  // [Z], [Z, Z]
};
TORCH_MODULE(CodeDensity);

}  // namespace generative

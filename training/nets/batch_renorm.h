// Batch renormalisation (Ioffe 2017, arXiv 1702.03275): a layer that gives each number of its rows mean 0 and
// deviation 1 before it is scaled and shifted.
#pragma once

#include "training/torch.h"

#include "core/options.h"

namespace training {

struct BatchRenormOptions {
  double momentum = 0.01, eps = 1e-3;
  int64_t warmup = 100000;
  double r_max = 3, d_max = 5;

  void fields(core::Fields& own);  // of the section of the algorithm that has such layers
};

// Whose mean and deviation those are: the batch's, which the running ones then follow, or the running ones.
enum class Statistics { batch, running };

// Parameters scale [F], shift [F]; buffers mean [F], variance [F] and batches [], how many they have
// followed.
class BatchRenormImpl : public torch::nn::Module {
 public:
  BatchRenormImpl(int64_t width, const BatchRenormOptions& options);

  // x [B, F] -> [B, F]: by the batch ((x - mean_B) / deviation_B r + d) scale + shift, by running statistics
  // ((x - mean) / deviation) scale + shift. A module in eval mode knows the running ones alone.
  torch::Tensor forward(const torch::Tensor& x, Statistics by);

 private:
  torch::Tensor by_batch(const torch::Tensor& x);
  torch::Tensor corrected(const torch::Tensor& z, const torch::Tensor& mean,
                          const torch::Tensor& deviation) const;
  void follow(const torch::Tensor& mean, const torch::Tensor& variance);

  BatchRenormOptions options_;
  torch::Tensor scale_, shift_, mean_, variance_, batches_;
};
TORCH_MODULE(BatchRenorm);

}  // namespace training

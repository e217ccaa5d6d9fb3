// Multi-layer perceptron with batch renormalisation before each of its linear layers (Bhatt et al. 2024,
// CrossQ).
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "training/nets/batch_renorm.h"
#include "training/nets/mlp.h"

namespace training {

// Parameters and buffers norm_1.scale, ..., hidden_1.weight, ..., norm_output.scale, ..., output.weight, ...
class NormalizedMlpImpl : public torch::nn::Module {
 public:
  // `name` is what this net is called in messages ("critic_1").
  NormalizedMlpImpl(const std::string& name, int64_t inputs, int64_t outputs, const MlpOptions& options,
                    const BatchRenormOptions& norm);

  // [B, inputs] float32, or [B] int64 (indices, entering one-hot) -> [B, outputs], on the parameters' device.
  // By the batch, a row's outputs follow from all rows.
  torch::Tensor forward(const torch::Tensor& x, Statistics by);
  // The same by running statistics, on the CPU, without autograd: a row has the same bits in any batch.
  torch::Tensor answer(const torch::Tensor& x);

 private:
  std::string activation_;
  int64_t inputs_;
  std::vector<BatchRenorm> norms_;         // before the layer of the same place
  std::vector<torch::nn::Linear> layers_;  // hidden ones, output
  std::vector<std::string> traces_;        // by layer
};
TORCH_MODULE(NormalizedMlp);

}  // namespace training

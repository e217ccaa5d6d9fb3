// The residual encoder of IMPALA (Espeholt et al. 2018, arXiv 1802.01561, figure 3, the large net without its
// memory).
#pragma once

#include "training/torch.h"

#include <vector>

namespace agents {

// Three stages of 16, 32 and 32 channels: a 3 x 3 convolution, the largest of every 3 x 3 pixels two apart,
// two blocks that add relu, convolution, relu, convolution to what they are given; a relu at the end. Weights
// begin orthogonal, biases as 0; the second convolution of a block begins small, so that the sum keeps its
// size. Parameters stage_1.weight, stage_1_block_1_a.weight, ..._b.weight, ...
class ImpalaImpl : public torch::nn::Module {
 public:
  explicit ImpalaImpl(int64_t channels);

  torch::Tensor forward(const torch::Tensor& pictures);  // [B, C, H, W] -> [B, 32, ceil(H / 8), ceil(W / 8)]
  static int64_t features(int64_t height, int64_t width);  // of a picture, in all

 private:
  struct Block {
    torch::nn::Conv2d a, b;
  };
  struct Stage {
    torch::nn::Conv2d first;
    std::vector<Block> blocks;
  };
  torch::nn::Conv2d add(const std::string& name, int64_t inputs, int64_t outputs, double gain);

  std::vector<Stage> stages_;
};
TORCH_MODULE(Impala);

}  // namespace agents

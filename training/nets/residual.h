// Residual networks of pictures: blocks that add what they compute to what they were given.
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>
#include <vector>

#include "core/options.h"

namespace training {

// x + F(x), F = norm, relu, convolution, norm, relu, convolution (He et al. 2016, figure 4e). Where channels
// or stride change, the sum's other side is carried by a 1 x 1 convolution (`shortcut` "convolution") or,
// without a parameter, thinned out with channels of zeros behind ("padded": He et al. 2015, option A). With
// zero weights in F it is the identity. Under "none" it is F(x) alone, the plain net's, with the parameters
// of "padded".
class ResidualBlockImpl : public torch::nn::Module {
 public:
  ResidualBlockImpl(int64_t inputs, int64_t outputs, int64_t stride,
                    const std::string& shortcut = "convolution");

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] -> [B, outputs, H / stride, W / stride]

 private:
  torch::Tensor padded(const torch::Tensor& x) const;

  bool plain_;
  int64_t outputs_, stride_;
  torch::nn::BatchNorm2d norm_1_, norm_2_;
  torch::nn::Conv2d conv_1_, conv_2_, shortcut_{nullptr};
};
TORCH_MODULE(ResidualBlock);

struct ResidualNetOptions {
  int64_t width = 16;
  int64_t blocks = 1;
  std::optional<int64_t> depth{};
  int64_t stages = 3;
  std::string shortcut = "convolution";  // convolution, padded, none

  void fields(core::Fields& f);
  int64_t blocks_in_stage() const;  // Error where `depth` is none that a net has
};

// A convolution, stages of blocks (each after the first halves the side and doubles the channels), the mean
// over the picture, a linear layer: 2 * stages * blocks + 2 layers deep. Pictures may be of any size.
// Parameters stem.weight, stage_1_block_1.conv_1.weight, ..., norm.weight, output.weight, output.bias.
class ResidualNetImpl : public torch::nn::Module {
 public:
  ResidualNetImpl(const std::string& name, int64_t channels, int64_t outputs,
                  const ResidualNetOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] float32 -> [B, outputs]
  // Its two parts: what the last layer is given, [B, F], and that layer.
  torch::Tensor features(const torch::Tensor& x);
  torch::Tensor output(const torch::Tensor& features) { return output_->forward(features); }

 private:
  std::string name_;
  torch::nn::Conv2d stem_{nullptr};
  std::vector<ResidualBlock> blocks_;
  torch::nn::BatchNorm2d norm_{nullptr};
  torch::nn::Linear output_{nullptr};
};
TORCH_MODULE(ResidualNet);

}  // namespace training

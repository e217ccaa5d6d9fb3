// Densely connected convolutional networks: each layer sees what all layers of its block before it put out.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "core/options.h"

namespace training {

struct DenseNetOptions {
  int64_t depth = 22, growth = 12;
  bool bottleneck = true;
  double compression = 0.5, dropout = 0;

  void fields(core::Fields& f);
  int64_t layers_in_block() const;                               // Error where `depth` is none that a net has
  int64_t stem() const { return bottleneck ? 2 * growth : 16; }  // channels before the first block
};

// [x, F(x)]: F = norm, relu, 1 x 1 convolution to 4 * growth channels, norm, relu, 3 x 3 convolution to
// growth channels; without a bottleneck the latter three alone, under the names norm_1 and conv_1.
class DenseLayerImpl : public torch::nn::Module {
 public:
  DenseLayerImpl(int64_t inputs, const DenseNetOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] -> [B, C + growth, H, W]

 private:
  double dropout_;
  torch::nn::BatchNorm2d norm_1_{nullptr}, norm_2_{nullptr};
  torch::nn::Conv2d conv_1_{nullptr}, conv_2_{nullptr};
};
TORCH_MODULE(DenseLayer);

// Norm, relu, 1 x 1 convolution to floor(compression * C) channels, the mean of each 2 x 2 pixels.
class DenseTransitionImpl : public torch::nn::Module {
 public:
  DenseTransitionImpl(int64_t inputs, int64_t outputs);

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] -> [B, outputs, H / 2, W / 2]

 private:
  torch::nn::BatchNorm2d norm_;
  torch::nn::Conv2d conv_;
};
TORCH_MODULE(DenseTransition);

// A convolution, three blocks of dense layers with a transition between, norm, relu, the mean over the
// picture, a linear layer. Pictures may be of any size of at least 4 pixels a side. Parameters stem.weight,
// block_1_layer_1.norm_1.weight, ..., transition_1.conv.weight, ..., norm.weight, output.weight, output.bias.
class DenseNetImpl : public torch::nn::Module {
 public:
  DenseNetImpl(const std::string& name, int64_t channels, int64_t outputs, const DenseNetOptions& options);

  torch::Tensor forward(const torch::Tensor& x) { return output(features(x)); }  // -> [B, outputs]
  // Its two parts: what the last layer is given, [B, F], and that layer.
  torch::Tensor features(const torch::Tensor& x);
  torch::Tensor output(const torch::Tensor& features) { return output_->forward(features); }

 private:
  static constexpr int64_t blocks = 3;

  std::string name_;
  torch::nn::Conv2d stem_{nullptr};
  std::vector<DenseLayer> layers_;  // of all blocks, as many in each
  std::vector<DenseTransition> transitions_;
  torch::nn::BatchNorm2d norm_{nullptr};
  torch::nn::Linear output_{nullptr};
};
TORCH_MODULE(DenseNet);

}  // namespace training

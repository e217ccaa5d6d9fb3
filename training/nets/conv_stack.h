// Convolution stack: [convolution, batch norm, activation, pooling] times n, then fully connected layers.
#pragma once

#include <torch/torch.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/nets/mlp.h"

namespace training {

struct ConvStackOptions {
  std::vector<int64_t> channels{16, 32};
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t pool = 2;
  bool batch_norm = true;
  MlpOptions fc{
      .hidden = {128}};  // after flattening; its activation and initialiser serve the convolutions too

  void fields(core::Fields& f);
};

// Parameters conv_1.weight, norm_1.weight, ..., fc.hidden_1.weight, ..., fc.output.weight.
class ConvStackImpl : public torch::nn::Module {
 public:
  using Shape = std::array<int64_t, 3>;  // C, H, W

  // Error when a picture of `input` is too small for so many poolings.
  ConvStackImpl(const std::string& name, Shape input, int64_t outputs, const ConvStackOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] float32 -> [B, outputs]

 private:
  int64_t shrink(int64_t side) const;  // by one convolution and pooling

  std::string name_;
  ConvStackOptions options_;
  std::vector<torch::nn::Conv2d> convolutions_;
  std::vector<torch::nn::BatchNorm2d> norms_;  // empty without batch norm
  Mlp head_{nullptr};
};
TORCH_MODULE(ConvStack);

}  // namespace training

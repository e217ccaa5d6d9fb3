// A convolution stack backwards: fully connected layers, then transposed convolutions that enlarge (Dumoulin
// & Visin 2016; as a generator: Radford, Metz & Chintala 2016, DCGAN).
#pragma once

#include "training/nets/conv_stack.h"

namespace training {

// The mirror image of the ConvStack with the same options: its hidden layers and channels in reverse order,
// each transposed convolution enlarging by stride * pool. Nothing follows the last one: neither norm nor
// activation. Parameters fc.hidden_1.weight, ..., norm_1.weight, deconv_1.weight, ...
class DeconvStackImpl : public torch::nn::Module {
 public:
  using Shape = ConvStackImpl::Shape;

  // Error when the sides of `output` cannot be divided so many times, or the kernel leaves holes.
  DeconvStackImpl(const std::string& name, int64_t inputs, Shape output, const ConvStackOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, inputs] float32 -> [B, C, H, W]

 private:
  std::string name_, activation_;
  Shape first_;  // what the fully connected layers hand over
  Mlp fc_{nullptr};
  std::vector<torch::nn::BatchNorm2d> norms_;  // before each transposed convolution; empty without batch norm
  std::vector<torch::nn::ConvTranspose2d> deconvolutions_;
};
TORCH_MODULE(DeconvStack);

}  // namespace training

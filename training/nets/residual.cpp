// Pre-activation blocks; weights by He et al. (2015): normal, variance 2 / fan-in.
#include "training/nets/residual.h"

#include <fmt/format.h>

#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace training {

static torch::nn::Conv2d convolution(int64_t inputs, int64_t outputs, int64_t kernel, int64_t stride) {
  require_weights("a convolution", double(inputs) * double(outputs) * double(kernel * kernel));
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(inputs, outputs, kernel)
                              .stride(stride)
                              .padding(kernel / 2)
                              .bias(false));  // the norm that follows has a shift of its own
  initialise(layer->weight, {}, "kaiming", gain_of("relu"));
  return layer;
}

ResidualBlockImpl::ResidualBlockImpl(int64_t inputs, int64_t outputs, int64_t stride)
    : norm_1_(register_module("norm_1", torch::nn::BatchNorm2d(inputs))),
      norm_2_(register_module("norm_2", torch::nn::BatchNorm2d(outputs))),
      conv_1_(register_module("conv_1", convolution(inputs, outputs, 3, stride))),
      conv_2_(register_module("conv_2", convolution(outputs, outputs, 3, 1))) {
  if (inputs != outputs || stride != 1)
    shortcut_ = register_module("shortcut", convolution(inputs, outputs, 1, stride));
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& x) {
  const torch::Tensor h = torch::relu(norm_1_->forward(x));
  const torch::Tensor skip = shortcut_ ? shortcut_->forward(h) : x;
  return skip + conv_2_->forward(torch::relu(norm_2_->forward(conv_1_->forward(h))));
}

void ResidualNetOptions::fields(core::Fields& f) {
  f.add("width", width, "Channels of the first stage; the others have twice and four times as many",
        {.min = 1, .max = 4096, .unit = "channels"});
  f.add("blocks", blocks, "Residual blocks in each of the three stages; 1: ResNet-8, 3: ResNet-20",
        {.min = 1, .max = 1000});
}

ResidualNetImpl::ResidualNetImpl(const std::string& name, int64_t channels, int64_t outputs,
                                 const ResidualNetOptions& options)
    : name_(name) {
  stem_ = register_module("stem", convolution(channels, options.width, 3, 1));
  int64_t width = options.width;
  for (int64_t stage = 1; stage <= 3; ++stage)
    for (int64_t block = 1; block <= options.blocks; ++block) {
      const int64_t next = options.width << (stage - 1), stride = next == width ? 1 : 2;
      blocks_.push_back(register_module(fmt::format("stage_{}_block_{}", stage, block),
                                        ResidualBlock(width, next, stride)));
      width = next;
    }
  norm_ = register_module("norm", torch::nn::BatchNorm2d(width));
  output_ = register_module("output", torch::nn::Linear(width, outputs));
}

torch::Tensor ResidualNetImpl::forward(const torch::Tensor& x) { return output(features(x)); }

torch::Tensor ResidualNetImpl::features(const torch::Tensor& x) {
  const int64_t narrowest = stem_->options.out_channels();  // of those that a shortcut is given
  torch::Tensor h = stem_->forward(laid_out(x, narrowest));
  for (size_t i = 0; i < blocks_.size(); ++i) {
    h = blocks_[i]->forward(h);  // [B, C, H, W]
    trace(fmt::format("{}.block_{}", name_, i + 1), h);
  }
  return torch::relu(norm_->forward(h)).mean({2, 3});
}

}  // namespace training

// Pre-activation blocks; weights by He et al. (2015): normal, variance 2 / fan-in.
#include "training/nets/residual.h"

#include <fmt/format.h>

#include "core/error.h"
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

ResidualBlockImpl::ResidualBlockImpl(int64_t inputs, int64_t outputs, int64_t stride,
                                     const std::string& shortcut)
    : plain_(shortcut == "none"),
      outputs_(outputs),
      stride_(stride),
      norm_1_(register_module("norm_1", torch::nn::BatchNorm2d(inputs))),
      norm_2_(register_module("norm_2", torch::nn::BatchNorm2d(outputs))),
      conv_1_(register_module("conv_1", convolution(inputs, outputs, 3, stride))),
      conv_2_(register_module("conv_2", convolution(outputs, outputs, 3, 1))) {
  if (shortcut == "convolution" && (inputs != outputs || stride != 1))
    shortcut_ = register_module("shortcut", convolution(inputs, outputs, 1, stride));
}

// As it is where nothing changes.
torch::Tensor ResidualBlockImpl::padded(const torch::Tensor& x) const {
  torch::Tensor thinned = x;
  for (const int64_t side : {2, 3})
    if (stride_ > 1) thinned = thinned.slice(side, 0, x.size(side), stride_);
  const int64_t more = outputs_ - x.size(1);
  return more > 0 ? torch::constant_pad_nd(thinned, {0, 0, 0, 0, 0, more}) : thinned;
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& x) {
  const torch::Tensor h = torch::relu(norm_1_->forward(x));
  const auto computed = [&] { return conv_2_->forward(torch::relu(norm_2_->forward(conv_1_->forward(h)))); };
  if (plain_) return computed();
  const torch::Tensor skip = shortcut_ ? shortcut_->forward(h) : padded(x);
  return skip + computed();
}

void ResidualNetOptions::fields(core::Fields& f) {
  f.add("width", width, "Channels of the first stage; each one after it has twice as many",
        {.min = 1, .max = 4096, .unit = "channels"});
  f.add("blocks", blocks, "Residual blocks in each stage; of three stages 1: ResNet-8, 3: ResNet-20",
        {.min = 1, .max = 1000});
  f.add("depth", depth,
        "In place of `blocks`: convolutions and the linear layer, 2 + 2 * stages * blocks, such as 8, 20 and "
        "44 "
        "of three stages, 18 of four; null: as many as `blocks` says",
        {.min = 4, .max = 10000, .unit = "layers"});
  f.add("stages", stages, "Parts that halve the picture's side, but for the first", {.min = 1, .max = 8});
  f.choice(
      "shortcut", shortcut,
      "What carries a block's input to its output where their shapes differ: a 1 x 1 convolution, or zeros "
      "for channels that are not there (option A of He et al. 2015); none: no block has a shortcut, the "
      "plain net with the parameters of `padded`",
      {"convolution", "padded", "none"});
}

int64_t ResidualNetOptions::blocks_in_stage() const {
  if (!depth) return blocks;
  core::check(*depth > 2 && (*depth - 2) % (2 * stages) == 0,
              "net.depth: expected 2 + {} times the blocks in each of {} stages, found {}", 2 * stages,
              stages, *depth);
  return (*depth - 2) / (2 * stages);
}

ResidualNetImpl::ResidualNetImpl(const std::string& name, int64_t channels, int64_t outputs,
                                 const ResidualNetOptions& options)
    : name_(name) {
  stem_ = register_module("stem", convolution(channels, options.width, 3, 1));
  int64_t width = options.width;
  const int64_t blocks = options.blocks_in_stage();
  for (int64_t stage = 1; stage <= options.stages; ++stage)
    for (int64_t block = 1; block <= blocks; ++block) {
      const int64_t next = options.width << (stage - 1), stride = next == width ? 1 : 2;
      blocks_.push_back(register_module(fmt::format("stage_{}_block_{}", stage, block),
                                        ResidualBlock(width, next, stride, options.shortcut)));
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

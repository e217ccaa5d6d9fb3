// Huang, Liu, van der Maaten & Weinberger (2017), Densely connected convolutional networks, equation 2 and
// section 3; weights as theirs, He et al. (2015).
#include "training/nets/dense_net.h"

#include <fmt/format.h>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace training {

using torch::Tensor;

static torch::nn::Conv2d unbiased(int64_t inputs, int64_t outputs, int64_t kernel) {
  require_weights("a convolution", double(inputs) * double(outputs) * double(kernel * kernel));
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(inputs, outputs, kernel).padding(kernel / 2).bias(false));
  initialise(layer->weight, {}, "kaiming", gain_of("relu"));
  return layer;
}

void DenseNetOptions::fields(core::Fields& f) {
  f.add("depth", depth,
        "Convolutions, the stem's and the transitions' included, and the linear layer: 4 + 6 * layers of a "
        "block "
        "with bottlenecks, 4 + 3 * layers without",
        {.min = 7, .max = 10000, .unit = "layers"});
  f.add("growth", growth, "Channels that each layer adds (the paper's k)", {.min = 1, .max = 4096});
  f.add("bottleneck", bottleneck,
        "Before each 3 x 3 convolution one of 1 x 1 to 4 * growth channels (with compression: DenseNet-BC)");
  f.add("compression", compression, "Share of the channels that a transition keeps (the paper's theta)",
        {.min = 0, .max = 1, .above = true});
  f.add("dropout", dropout, "Share of each convolution's outputs dropped while learning",
        {.min = 0, .max = 0.99});
}

int64_t DenseNetOptions::layers_in_block() const {
  const int64_t each = bottleneck ? 6 : 3;
  core::check(depth > 4 && (depth - 4) % each == 0,
              "net.depth: expected 4 + {} times the layers of a block, found {}", each, depth);
  return (depth - 4) / each;
}

DenseLayerImpl::DenseLayerImpl(int64_t inputs, const DenseNetOptions& o) : dropout_(o.dropout) {
  int64_t channels = inputs;
  if (o.bottleneck) {
    norm_1_ = register_module("norm_1", torch::nn::BatchNorm2d(channels));
    conv_1_ = register_module("conv_1", unbiased(channels, 4 * o.growth, 1));
    channels = 4 * o.growth;
  }
  const std::string last = o.bottleneck ? "2" : "1";
  norm_2_ = register_module("norm_" + last, torch::nn::BatchNorm2d(channels));
  conv_2_ = register_module("conv_" + last, unbiased(channels, o.growth, 3));
}

Tensor DenseLayerImpl::forward(const Tensor& x) {
  const auto dropped = [&](const Tensor& h) {
    return dropout_ > 0 ? torch::dropout(h, dropout_, is_training()) : h;
  };
  Tensor h = x;
  if (conv_1_) h = dropped(conv_1_->forward(torch::relu(norm_1_->forward(h))));  // [B, 4 growth, H, W]
  return torch::cat({x, dropped(conv_2_->forward(torch::relu(norm_2_->forward(h))))}, 1);
}

DenseTransitionImpl::DenseTransitionImpl(int64_t inputs, int64_t outputs)
    : norm_(register_module("norm", torch::nn::BatchNorm2d(inputs))),
      conv_(register_module("conv", unbiased(inputs, outputs, 1))) {}

Tensor DenseTransitionImpl::forward(const Tensor& x) {
  return torch::avg_pool2d(conv_->forward(torch::relu(norm_->forward(x))), 2);
}

DenseNetImpl::DenseNetImpl(const std::string& name, int64_t channels, int64_t outputs,
                           const DenseNetOptions& options)
    : name_(name) {
  const int64_t layers = options.layers_in_block();
  int64_t width = options.stem();
  stem_ = register_module("stem", unbiased(channels, width, 3));
  for (int64_t block = 1; block <= blocks; ++block) {
    for (int64_t layer = 1; layer <= layers; ++layer, width += options.growth)
      layers_.push_back(
          register_module(fmt::format("block_{}_layer_{}", block, layer), DenseLayer(width, options)));
    if (block == blocks) continue;
    const auto kept = std::max<int64_t>(1, int64_t(options.compression * double(width)));
    transitions_.push_back(
        register_module(fmt::format("transition_{}", block), DenseTransition(width, kept)));
    width = kept;
  }
  norm_ = register_module("norm", torch::nn::BatchNorm2d(width));
  output_ = register_module("output", torch::nn::Linear(width, outputs));
}

Tensor DenseNetImpl::features(const Tensor& x) {
  const size_t each = layers_.size() / blocks;
  Tensor h = stem_->forward(row_by_row(x));
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0 && i % each == 0) h = transitions_[i / each - 1]->forward(h);
    h = layers_[i]->forward(h);  // [B, C, H, W]
    trace(fmt::format("{}.layer_{}", name_, i + 1), h);
  }
  return torch::relu(norm_->forward(h)).mean({2, 3});
}

}  // namespace training

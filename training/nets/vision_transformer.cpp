// Dosovitskiy et al. (2021), An image is worth 16x16 words, equations 1-4; norms without a shift. First
// weights as in the authors' code: by Glorot & Bengio (2010), the output's 0.
#include "training/nets/vision_transformer.h"

#include <cmath>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace training {

using torch::Tensor;

static constexpr double first_deviation = 0.02;  // of the class token and the positions

static Tensor scaled_to_one(const Tensor& x, const Tensor& weight) {
  return torch::layer_norm(x, weight.sizes(), weight, {}, 1e-5);
}

static torch::nn::Linear drawn_linear(int64_t inputs, int64_t outputs, const std::string& init = "xavier") {
  torch::nn::Linear layer(inputs, outputs);
  initialise(layer->weight, layer->bias, init, 1);
  return layer;
}

void VisionTransformerOptions::fields(core::Fields& f) {
  f.add("patch", patch, "Side of the patches, which divides the picture's sides",
        {.min = 1, .max = 1024, .unit = "pixels"});
  f.add("layers", layers, "Blocks of attention and a hidden layer", {.min = 1, .max = 1000});
  f.add("heads", heads, "Attention heads side by side; they divide the width", {.min = 1, .max = 1024});
  f.add("width", width, "Numbers that stand for a patch between the blocks", {.min = 1, .max = 65536});
  f.add("dropout", dropout, "Share of activations dropped while learning", {.min = 0, .max = 0.99});
}

Tensor patches_of(const Tensor& pictures, int64_t patch) {
  const int64_t B = pictures.size(0), C = pictures.size(1), down = pictures.size(2) / patch,
                across = pictures.size(3) / patch;
  const Tensor cut = row_by_row(pictures).view({B, C, down, patch, across, patch});
  return cut.permute({0, 2, 4, 1, 3, 5}).reshape({B, down * across, C * patch * patch});
}

EncoderBlockImpl::EncoderBlockImpl(const VisionTransformerOptions& o)
    : heads_(o.heads),
      dropout_(o.dropout),
      norm_1_(register_parameter("norm_1", torch::ones({o.width}))),
      norm_2_(register_parameter("norm_2", torch::ones({o.width}))),
      qkv_(register_module("qkv", drawn_linear(o.width, 3 * o.width))),
      out_(register_module("out", drawn_linear(o.width, o.width))),
      up_(register_module("up", drawn_linear(o.width, 4 * o.width))),
      down_(register_module("down", drawn_linear(4 * o.width, o.width))) {}

Tensor EncoderBlockImpl::drop(const Tensor& x) const {
  return dropout_ > 0 ? torch::dropout(x, dropout_, is_training()) : x;
}

// softmax(Q K^T / sqrt(D / H)) V, head by head.
Tensor EncoderBlockImpl::attention(const Tensor& x) {
  const int64_t B = x.size(0), T = x.size(1), D = x.size(2);
  const auto heads = qkv_->forward(x).view({B, T, 3, heads_, D / heads_}).permute({2, 0, 3, 1, 4}).unbind(0);
  const Tensor scores = heads[0].matmul(heads[1].transpose(2, 3)) / std::sqrt(double(D / heads_));
  const Tensor seen = scores.softmax(3).matmul(heads[2]);  // [B, H, T, D / H]
  return out_->forward(seen.transpose(1, 2).reshape({B, T, D}));
}

Tensor EncoderBlockImpl::forward(const Tensor& x) {
  const Tensor y = x + drop(attention(scaled_to_one(x, norm_1_)));
  const Tensor hidden = torch::gelu(up_->forward(scaled_to_one(y, norm_2_)));  // [B, T, 4 D]
  return y + drop(down_->forward(hidden));
}

VisionTransformerImpl::VisionTransformerImpl(const std::string& name, Shape input, int64_t outputs,
                                             const VisionTransformerOptions& o)
    : name_(name), patch_(o.patch), dropout_(o.dropout) {
  const auto [channels, height, width] = input;
  core::check(height % o.patch == 0 && width % o.patch == 0,
              "net.patch: expected a side that divides pictures of {} x {} pixels, found {}", height, width,
              o.patch);
  core::check(o.width % o.heads == 0, "net.heads: {} heads do not divide a width of {}", o.heads, o.width);
  const int64_t patches = (height / o.patch) * (width / o.patch), numbers = channels * o.patch * o.patch;
  const double D = double(o.width);
  require_weights("the transformer", D * (double(patches + numbers) + 12 * D * double(o.layers)));
  class_token_ = register_parameter("class_token", first_deviation * torch::randn({o.width}));
  positions_ = register_parameter("positions", first_deviation * torch::randn({1 + patches, o.width}));
  patches_ = register_module("patches", torch::nn::Linear(numbers, o.width));
  for (int64_t i = 1; i <= o.layers; ++i)
    blocks_.push_back(register_module("block_" + std::to_string(i), EncoderBlock(o)));
  norm_ = register_parameter("norm", torch::ones({o.width}));
  output_ = register_module("output", drawn_linear(o.width, outputs, "zeros"));
}

Tensor VisionTransformerImpl::encode(const Tensor& patches) {
  const int64_t B = patches.size(0), D = class_token_.size(0);
  Tensor x = torch::cat({class_token_.expand({B, 1, D}), patches_->forward(patches)}, 1) + positions_;
  if (dropout_ > 0) x = torch::dropout(x, dropout_, is_training());
  for (size_t i = 0; i < blocks_.size(); ++i) {
    x = blocks_[i]->forward(x);  // [B, 1 + N, D]
    trace(name_ + ".block_" + std::to_string(i + 1), x);
  }
  return scaled_to_one(x.select(1, 0), norm_);
}

}  // namespace training

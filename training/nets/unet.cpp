#include "training/nets/unet.h"

#include <fmt/format.h>

#include <numeric>

#include "core/error.h"
#include "core/memory.h"
#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace training {

using torch::Tensor;

static constexpr int64_t context_per_channel = 4;  // width of the context within, of the first channels

void UNetOptions::fields(core::Fields& f) {
  f.add("channels", channels, "Of a U-Net's levels, each with sides half as long as the one before",
        {.min = 1, .max = 65536});
  f.add("blocks", blocks, "Residual blocks in each level of a U-Net, on the way down as on the way up",
        {.min = 1, .max = 100});
  f.add("groups", groups, "Channels of a U-Net are normalised in so many groups", {.min = 1, .max = 65536});
}

static torch::nn::Conv2d square_conv(int64_t inputs, int64_t outputs, int64_t kernel, int64_t stride = 1) {
  require_weights("a convolution of the U-Net", double(inputs) * double(outputs) * double(kernel * kernel));
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(inputs, outputs, kernel).stride(stride).padding(kernel / 2));
}

static void zero(torch::nn::Conv2d& layer) {
  const torch::NoGradGuard no_grad;
  layer->weight.zero_();
  layer->bias.zero_();
}

GroupNormImpl::GroupNormImpl(int64_t channels, int64_t groups)
    : groups_(std::gcd(channels, groups)),
      weight_(register_parameter("weight", torch::ones({channels}))),
      bias_(register_parameter("bias", torch::zeros({channels}))) {}

ContextBlockImpl::ContextBlockImpl(int64_t inputs, int64_t outputs, int64_t context, int64_t groups)
    : norm_1_(register_module("norm_1", GroupNorm(inputs, groups))),
      norm_2_(register_module("norm_2", GroupNorm(outputs, groups))),
      conv_1_(register_module("conv_1", square_conv(inputs, outputs, 3))),
      conv_2_(register_module("conv_2", square_conv(outputs, outputs, 3))),
      context_(register_module("context", torch::nn::Linear(context, outputs))) {
  zero(conv_2_);
  if (inputs != outputs) shortcut_ = register_module("shortcut", square_conv(inputs, outputs, 1));
}

Tensor ContextBlockImpl::forward(const Tensor& x, const Tensor& context) {
  const Tensor told = context_->forward(context).unsqueeze(-1).unsqueeze(-1);  // [B, C, 1, 1]
  const Tensor h = conv_1_->forward(torch::silu(norm_1_->forward(x))) + told;
  const Tensor change = conv_2_->forward(torch::silu(norm_2_->forward(h)));
  return (shortcut_ ? shortcut_->forward(x) : x) + change;
}

// Of the context within; Error unless the sides can be halved between the levels.
static int64_t checked_width(const UNetImpl::Shape& input, const UNetOptions& options) {
  const auto halvings = std::ssize(options.channels) - 1;
  core::check(!options.channels.empty(), "net.channels: expected those of one level of the U-Net or more");
  core::check(halvings < 31 && input[1] % (1 << halvings) == 0 && input[2] % (1 << halvings) == 0,
              "net.channels: pictures of {} x {} pixels cannot be halved {} time{}, once between each two of "
              "the U-Net's {} levels",
              input[1], input[2], halvings, halvings == 1 ? "" : "s", options.channels.size());
  return context_per_channel * options.channels[0];
}

// Blocks on both ways, those on the way back with what was kept beside.
static double weights_of(const UNetOptions& options) {
  double weights = 0;
  for (const int64_t C : options.channels) weights += double(options.blocks) * 5 * 9 * double(C) * double(C);
  return weights;
}

UNetImpl::UNetImpl(const std::string& name, Shape input, int64_t outputs, int64_t context,
                   const UNetOptions& options)
    : name_(name),
      width_(checked_width(input, options)),
      context_(register_module("context", torch::nn::Linear(context, width_))),
      stem_(register_module("stem", square_conv(input[0], options.channels[0], 3))),
      last_(register_module("last", square_conv(options.channels[0], outputs, 3))),
      middle_(register_module(
          "middle", ContextBlock(options.channels.back(), options.channels.back(), width_, options.groups))),
      norm_(register_module("norm", GroupNorm(options.channels[0], options.groups))) {
  core::foresee_memory(
      4 * sizeof(float) * weights_of(options),
      fmt::format("net: {} with {:.3g} weights, gradient and moments included,", name, weights_of(options)));
  zero(last_);
  for (size_t level = 0; level < options.channels.size(); ++level)
    add_level(level, options.channels[level > 0 ? level - 1 : 0], options);
}

void UNetImpl::add_level(size_t level, int64_t inputs, const UNetOptions& options) {
  const int64_t C = options.channels[level];
  const bool last = level + 1 == options.channels.size();
  Level& added = levels_.emplace_back();
  for (int64_t i = 1; i <= options.blocks; ++i) {
    const std::string number = fmt::format("{}_{}", level + 1, i);
    added.down.push_back(
        register_module("down_" + number, ContextBlock(i == 1 ? inputs : C, C, width_, options.groups)));
    added.up.push_back(
        register_module("up_" + number, ContextBlock(i == 1 ? 2 * C : C, C, width_, options.groups)));
  }
  if (last) return;
  const std::string number = std::to_string(level + 1);
  added.half = register_module("half_" + number, square_conv(C, C, 3, 2));
  added.twice = register_module("twice_" + number, square_conv(options.channels[level + 1], C, 3));
}

Tensor UNetImpl::traced(const std::string& layer, const Tensor& h) const {
  trace(name_ + "." + layer, h);
  return h;
}

Tensor UNetImpl::forward(const Tensor& x, const Tensor& context) {
  const Tensor told = torch::silu(context_->forward(context));  // [B, E]
  std::vector<Tensor> kept;
  Tensor h = traced("stem", stem_->forward(row_by_row(x)));
  for (size_t i = 0; i < levels_.size(); ++i) {
    for (ContextBlock& block : levels_[i].down) h = block->forward(h, told);
    kept.push_back(traced("down_" + std::to_string(i + 1), h));
    if (levels_[i].half) h = levels_[i].half->forward(h);
  }
  h = traced("middle", middle_->forward(h, told));
  for (size_t i = levels_.size(); i-- > 0;) {
    if (levels_[i].twice) h = levels_[i].twice->forward(h.repeat_interleave(2, 2).repeat_interleave(2, 3));
    h = torch::cat({h, kept[i]}, 1);
    for (ContextBlock& block : levels_[i].up) h = block->forward(h, told);
    traced("up_" + std::to_string(i + 1), h);
  }
  return traced("last", last_->forward(torch::silu(norm_->forward(h))));
}

}  // namespace training

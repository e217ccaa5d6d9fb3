// "Same" padding for odd kernels, pooling halves, and an MLP behind.
#include "training/nets/conv_stack.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "core/memory.h"
#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace training {

void ConvStackOptions::fields(core::Fields& f) {
  f.add("channels", channels, "Channels of each convolution", {.min = 1});
  f.add("kernel", kernel, "Side of the kernels; odd ones keep the picture's size",
        {.min = 1, .unit = "pixels"});
  f.add("stride", stride, "Step of the kernels", {.min = 1, .unit = "pixels"});
  f.add("pool", pool, "Side of the max-pooling windows after each convolution; 1: none",
        {.min = 1, .unit = "pixels"});
  f.add("batch_norm", batch_norm,
        "Normalise each convolution's output over the batch (Ioffe & Szegedy 2015)");
  fc.fields(f);
}

double ConvStackOptions::gain() const {
  return fc.gain.value_or(fc.init == "default" ? 1 : gain_of(fc.activation));
}

// With an odd kernel, or an even one and an even stride, a side becomes side / stride.
static int64_t padding(const ConvStackOptions& options) {
  return std::max<int64_t>(0, (options.kernel - options.stride + 1) / 2);
}

// All convolutions together, before minutes are spent on the first ones.
static void foresee_convolutions(const std::string& name, double channels, const ConvStackOptions& options) {
  double weights = 0;
  for (const int64_t next : options.channels) {
    weights += channels * double(next) * double(options.kernel) * double(options.kernel);
    channels = double(next);
  }
  core::foresee_memory(
      4 * sizeof(float) * weights,
      fmt::format("net: the {} convolutions of {} with {:.3g} weights, gradient and moments included,",
                  options.channels.size(), name, weights));
}

ConvStackImpl::ConvStackImpl(const std::string& name, Shape input, int64_t outputs,
                             const ConvStackOptions& options)
    : name_(name), options_(options) {
  auto [channels, height, width] = input;
  foresee_convolutions(name, double(channels), options);
  for (size_t i = 0; i < options.channels.size(); ++i) {
    const int64_t out = options.channels[i];
    const std::string number = std::to_string(i + 1);
    require_weights(name + ".conv_" + number,
                    double(channels) * double(out) * double(options.kernel) * double(options.kernel));
    auto sizes = torch::nn::Conv2dOptions(channels, out, options.kernel)
                     .stride(options.stride)
                     .padding(padding(options))
                     .bias(!options.batch_norm);  // the norm has a shift of its own
    convolutions_.push_back(register_module("conv_" + number, torch::nn::Conv2d(sizes)));
    initialise(convolutions_.back()->weight, convolutions_.back()->bias, options.fc.init, options.gain());
    if (options.batch_norm) norms_.push_back(register_module("norm_" + number, torch::nn::BatchNorm2d(out)));
    channels = out;
    height = shrunk(height);
    width = shrunk(width);
    core::check(height > 0 && width > 0, "net: pictures of {} x {} pixels vanish in convolution {} of {}",
                input[1], input[2], i + 1, options.channels.size());
  }
  head_ = register_module("fc", Mlp(name + ".fc", channels * height * width, outputs, options.fc));
}

int64_t ConvStackImpl::shrunk(int64_t side) const {
  const int64_t padded = side + 2 * padding(options_);
  if (padded < options_.kernel) return 0;
  return ((padded - options_.kernel) / options_.stride + 1) / options_.pool;
}

torch::Tensor ConvStackImpl::forward(const torch::Tensor& x) { return output(features(x)); }

torch::Tensor ConvStackImpl::features(const torch::Tensor& x) {
  torch::Tensor h = x.dim() == 4 ? row_by_row(x) : x;
  for (size_t i = 0; i < convolutions_.size(); ++i) {
    h = convolutions_[i]->forward(h);  // [B, C, H, W]
    trace(name_ + ".conv_" + std::to_string(i + 1), h);
    if (!norms_.empty()) h = norms_[i]->forward(h);
    h = activate(h, options_.fc.activation);
    observe(name_ + ".conv_" + std::to_string(i + 1), h);
    if (options_.pool > 1) h = torch::max_pool2d(h, options_.pool);
  }
  return head_->features(h.flatten(1));
}

ConvStackImpl::Shape shape_of(const torch::Tensor& rows, const ConvStackOptions& options) {
  if (rows.dim() == 4) return {rows.size(1), rows.size(2), rows.size(3)};
  core::check(options.channels.empty(),
              "net.channels: convolutions need pictures [C, H, W], the data have rows of shape [{}]",
              fmt::join(rows.sizes().slice(1), ", "));
  return {c10::multiply_integers(rows.sizes().slice(1)), 1, 1};
}

}  // namespace training

// "Same" padding for odd kernels, pooling halves, and an MLP behind: LeCun et al. (1998); with several
// convolutions before each pooling Simonyan & Zisserman (2015), VGG; with one number a channel behind the
// last Lin et al. (2014).
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

void ConvBlockOptions::fields(core::Fields& f) {
  f.add("per_block", per_block,
        "Convolutions of each number of channels, one after another before the pooling (VGG: 2 or 3)",
        {.min = 1, .max = 100});
  f.add("padding", padding,
        "Margin of zeros around what each block's convolutions see, a number for each block or one for all; "
        "[]: such that an odd kernel keeps the picture's size",
        {.min = 0, .max = 1024, .unit = "pixels"});
  f.choice("pooling", pooling, "What becomes of a pooling window: its largest number or its mean",
           {"max", "mean"});
  f.choice(
      "global_pool", global_pool,
      "Behind the last block one number a channel, the largest or the mean of the whole picture, which may "
      "then be of any size; none: all of its numbers",
      {"none", "max", "mean"});
}

double ConvStackOptions::gain() const {
  return fc.gain.value_or(fc.init == "default" ? 1 : gain_of(fc.activation));
}

// With an odd kernel, or an even one and an even stride, a side becomes side / stride.
static int64_t same_padding(const ConvStackOptions& options) {
  return std::max<int64_t>(0, (options.kernel - options.stride + 1) / 2);
}

static void check_padding(const ConvStackOptions& options) {
  const size_t given = options.blocks.padding.size(), blocks = options.channels.size();
  core::check(given <= 1 || given == blocks,
              "net.padding: expected a number for each of {} blocks, one for all or [], found {} numbers",
              blocks, given);
}

// All convolutions together, before minutes are spent on the first ones.
static void foresee_convolutions(const std::string& name, double channels, const ConvStackOptions& options) {
  double weights = 0;
  const double kernel = double(options.kernel) * double(options.kernel);
  for (const int64_t next : options.channels) {
    weights += double(next) * kernel * (channels + double(options.blocks.per_block - 1) * double(next));
    channels = double(next);
  }
  core::foresee_memory(
      4 * sizeof(float) * weights,
      fmt::format("net: the {} convolutions of {} with {:.3g} weights, gradient and moments included,",
                  options.channels.size() * size_t(options.blocks.per_block), name, weights));
}

ConvStackImpl::ConvStackImpl(const std::string& name, Shape input, int64_t outputs,
                             const ConvStackOptions& options)
    : name_(name), options_(options) {
  auto [channels, height, width] = input;
  check_padding(options);
  foresee_convolutions(name, double(channels), options);
  for (size_t block = 0; block < options.channels.size(); ++block) {
    add_block(block, channels);
    channels = options.channels[block];
    height = shrunk(height, block);
    width = shrunk(width, block);
    core::check(height > 0 && width > 0,
                "net.channels: pictures of {} x {} pixels vanish in convolution {} of {}", input[1], input[2],
                convolutions_.size(), options.channels.size() * size_t(options.blocks.per_block));
  }
  if (options.blocks.any_size()) height = width = 1;
  head_ = register_module("fc", Mlp(name + ".fc", channels * height * width, outputs, options.fc));
}

void ConvStackImpl::add_block(size_t block, int64_t channels) {
  const int64_t out = options_.channels[block];
  for (int64_t i = 0; i < options_.blocks.per_block; ++i, channels = out) {
    const std::string number = std::to_string(convolutions_.size() + 1);
    require_weights(name_ + ".conv_" + number,
                    double(channels) * double(out) * double(options_.kernel) * double(options_.kernel));
    auto sizes = torch::nn::Conv2dOptions(channels, out, options_.kernel)
                     .stride(options_.stride)
                     .padding(padding(block))
                     .bias(!options_.batch_norm);  // the norm has a shift of its own
    convolutions_.push_back(register_module("conv_" + number, torch::nn::Conv2d(sizes)));
    initialise(convolutions_.back()->weight, convolutions_.back()->bias, options_.fc.init, options_.gain());
    if (options_.batch_norm) norms_.push_back(register_module("norm_" + number, torch::nn::BatchNorm2d(out)));
  }
}

int64_t ConvStackImpl::padding(size_t block) const {
  const std::vector<int64_t>& given = options_.blocks.padding;
  return given.empty() ? same_padding(options_) : given[given.size() == 1 ? 0 : block];
}

int64_t ConvStackImpl::shrunk(int64_t side, size_t block) const {
  for (int64_t i = 0; i < options_.blocks.per_block; ++i) {
    const int64_t padded = side + 2 * padding(block);
    if (padded < options_.kernel || side == 0) return 0;
    side = (padded - options_.kernel) / options_.stride + 1;
  }
  return side / options_.pool;
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
    if ((i + 1) % size_t(options_.blocks.per_block) == 0) h = pooled(h);
  }
  return head_->features(gathered(h));
}

torch::Tensor ConvStackImpl::pooled(const torch::Tensor& x) const {
  if (options_.pool == 1) return x;
  return options_.blocks.pooling == "max" ? torch::max_pool2d(x, options_.pool)
                                          : torch::avg_pool2d(x, options_.pool);
}

torch::Tensor ConvStackImpl::gathered(const torch::Tensor& x) const {
  if (!options_.blocks.any_size()) return x.flatten(1);
  return options_.blocks.global_pool == "max" ? x.amax({2, 3}) : x.mean({2, 3});  // [B, C]
}

ConvStackImpl::Shape shape_of(const torch::Tensor& rows, const ConvStackOptions& options) {
  if (rows.dim() == 4) return {rows.size(1), rows.size(2), rows.size(3)};
  core::check(options.channels.empty(),
              "net.channels: convolutions need pictures [C, H, W], the data have rows of shape [{}]",
              fmt::join(rows.sizes().slice(1), ", "));
  return {c10::multiply_integers(rows.sizes().slice(1)), 1, 1};
}

}  // namespace training

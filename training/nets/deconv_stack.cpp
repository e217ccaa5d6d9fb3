// Sizes divide where the stack's multiply.
#include "training/nets/deconv_stack.h"

#include <algorithm>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/trace.h"

namespace training {

// The side that becomes `side` when every layer enlarges it.
static int64_t first_side(int64_t side, const ConvStackOptions& options) {
  int64_t first = side;
  for (size_t i = 0; i < options.channels.size(); ++i) {
    core::check(first % options.shrink() == 0,
                "net: pictures with a side of {} pixels cannot be divided by {} in each of {} convolutions",
                side, options.shrink(), options.channels.size());
    first /= options.shrink();
  }
  return first;
}

// The sides become exactly options.shrink() times as long.
static torch::nn::ConvTranspose2d enlarging(int64_t inputs, int64_t outputs, const ConvStackOptions& options,
                                            double gain, bool bias) {
  const int64_t times = options.shrink(), padding = (options.kernel - times + 1) / 2;
  core::check(options.kernel >= times,
              "net.kernel: {} pixels leave holes between steps of {} (stride * pool)", options.kernel, times);
  require_weights("a deconvolution",
                  double(inputs) * double(outputs) * double(options.kernel) * double(options.kernel));
  torch::nn::ConvTranspose2d layer(torch::nn::ConvTranspose2dOptions(inputs, outputs, options.kernel)
                                       .stride(times)
                                       .padding(padding)
                                       .output_padding(2 * padding - options.kernel + times)
                                       .bias(bias));
  const torch::NoGradGuard no_grad;
  const torch::Tensor weight = layer->weight.transpose(0, 1).contiguous();  // [out, in, k, k]
  initialise(weight, layer->bias, options.fc.init, gain);
  layer->weight.copy_(weight.transpose(0, 1));
  return layer;
}

DeconvStackImpl::DeconvStackImpl(const std::string& name, int64_t inputs, Shape output,
                                 const ConvStackOptions& options)
    : name_(name),
      activation_(options.fc.activation),
      first_{options.channels.empty() ? output[0] : options.channels.back(), first_side(output[1], options),
             first_side(output[2], options)} {
  MlpOptions fc = options.fc;
  std::reverse(fc.hidden.begin(), fc.hidden.end());
  if (!options.channels.empty()) fc.out_gain = options.gain();  // it is not the last layer
  fc_ = register_module("fc", Mlp(name + ".fc", inputs, first_[0] * first_[1] * first_[2], fc));
  for (size_t i = options.channels.size(); i-- > 0;) {
    const std::string number = std::to_string(options.channels.size() - i);
    const int64_t in = options.channels[i], out = i > 0 ? options.channels[i - 1] : output[0];
    if (options.batch_norm) norms_.push_back(register_module("norm_" + number, torch::nn::BatchNorm2d(in)));
    const bool last = i == 0;  // no norm with a shift of its own follows
    const auto layer =
        enlarging(in, out, options, last ? options.fc.out_gain : options.gain(), last || !options.batch_norm);
    deconvolutions_.push_back(register_module("deconv_" + number, layer));
  }
}

torch::Tensor DeconvStackImpl::forward(const torch::Tensor& x) {
  torch::Tensor h = fc_->forward(x).view({-1, first_[0], first_[1], first_[2]});  // [B, C, H, W]
  for (size_t i = 0; i < deconvolutions_.size(); ++i) {
    if (!norms_.empty()) h = norms_[i]->forward(h);
    h = deconvolutions_[i]->forward(activate(h, activation_));
    trace(name_ + ".deconv_" + std::to_string(i + 1), h);
  }
  return h;
}

}  // namespace training

#include "generative/autoregressive/pixel_cnn_net.h"

#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace generative {

using torch::Tensor;

void PixelCnnOptions::fields(core::Fields& f) {
  f.add("channels", channels, "Of each layer", {.min = 1, .max = 1e5});
  f.add("layers", layers, "Behind the first one, each added to what it is given", {.min = 0, .max = 100});
  f.add("first_kernel", first_kernel, "Side of the first layer's kernels, odd",
        {.min = 3, .max = 99, .unit = "pixels"});
  f.add("kernel", kernel, "Side of the other layers' kernels, odd", {.min = 1, .max = 99, .unit = "pixels"});
}

MaskedConvolutionImpl::MaskedConvolutionImpl(const std::string& name, int64_t in, int64_t out, int64_t kernel,
                                             bool sees_itself)
    : reach_(kernel / 2) {
  training::require_weights(name, double(in) * double(out) * double(kernel) * double(kernel), 2);
  conv_ =
      register_module("conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).padding(reach_)));
  mask_ = torch::zeros({kernel, kernel});
  mask_.narrow(0, 0, reach_).fill_(1);
  mask_[reach_].narrow(0, 0, reach_ + (sees_itself ? 1 : 0)).fill_(1);
  register_buffer("mask", mask_);
}

Tensor MaskedConvolutionImpl::forward(const Tensor& x) {
  return torch::conv2d(training::row_by_row(x), conv_->weight * mask_, conv_->bias, 1, reach_);
}

Tensor MaskedConvolutionImpl::seen_weight() const {
  return (conv_->weight * mask_).narrow(2, 0, reach_ + 1).flatten(1).contiguous();
}

Tensor MaskedConvolutionImpl::at(const Tensor& padded, int64_t i, int64_t j,
                                 const Tensor& seen_weight) const {
  const Tensor patch = padded.narrow(2, i, reach_ + 1).narrow(3, j, 2 * reach_ + 1);
  return at::linear(patch.flatten(1), seen_weight, conv_->bias);
}

PixelCnnNetImpl::PixelCnnNetImpl(int64_t height, int64_t width, const PixelCnnOptions& options)
    : height_(height), width_(width) {
  const int64_t C = options.channels;
  first_ = register_module("first", MaskedConvolution("net.first", 1, C, options.first_kernel, false));
  for (int64_t l = 1; l <= options.layers; ++l) {
    const std::string name = "layer_" + std::to_string(l);
    layers_.push_back(register_module(name, MaskedConvolution("net." + name, C, C, options.kernel, true)));
  }
  mixed_ = register_module("mixed", torch::nn::Linear(C, C));
  output_ = register_module("output", torch::nn::Linear(C, 1));
}

Tensor PixelCnnNetImpl::head(const Tensor& h) {
  return output_->forward(mixed_->forward(h.relu()).relu()).squeeze(-1);
}

Tensor PixelCnnNetImpl::forward(const Tensor& x) {
  Tensor h = first_->forward(x.view({-1, 1, height_, width_}));
  training::trace("net.first", h);
  for (size_t l = 0; l < layers_.size(); ++l) {
    h = h + layers_[l]->forward(h.relu());
    training::trace("net.layer_" + std::to_string(l + 1), h);
  }
  return head(h.permute({0, 2, 3, 1})).flatten(1);
}

static Tensor with_margin(const Tensor& x, int64_t reach) {
  return torch::constant_pad_nd(x, {reach, reach, reach, reach});
}

std::vector<Tensor> PixelCnnNetImpl::seen(const Tensor& x) {
  const Tensor picture = x.view({-1, 1, height_, width_});
  std::vector<Tensor> all{with_margin(picture, first_->reach())};
  Tensor h = first_->forward(picture);
  for (auto& layer : layers_) {
    all.push_back(with_margin(h.relu(), layer->reach()));
    h = h + layer->forward(h.relu());
  }
  return all;
}

// Up to `first` all layers are as a pass over the picture leaves them: none sees what comes later.
void PixelCnnNetImpl::go_on(Tensor x, int64_t first, const DrawNumber& draw) {
  const torch::NoGradGuard no_grad;
  x.narrow(1, first, x.size(1) - first).zero_();
  std::vector<Tensor> maps = seen(x), weights{first_->seen_weight()};
  for (auto& layer : layers_) weights.push_back(layer->seen_weight());
  for (int64_t d = first; d < x.size(1); ++d) {
    const int64_t i = d / width_, j = d % width_;
    Tensor h = first_->at(maps[0], i, j, weights[0]);
    for (size_t l = 0; l < layers_.size(); ++l) {
      const int64_t r = layers_[l]->reach();
      maps[l + 1].select(2, i + r).select(2, j + r).copy_(h.relu());
      h = h + layers_[l]->at(maps[l + 1], i, j, weights[l + 1]);
    }
    const Tensor drawn = draw(d, head(h));
    x.select(1, d).copy_(drawn);
    maps[0].select(2, i + first_->reach()).select(2, j + first_->reach()).copy_(drawn.unsqueeze(1));
  }
}

}  // namespace generative

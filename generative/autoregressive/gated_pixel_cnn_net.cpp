#include "generative/autoregressive/gated_pixel_cnn_net.h"

#include "training/nets/init.h"
#include "training/nets/layout.h"
#include "training/trace.h"

namespace generative {

using torch::Tensor;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;

Tensor gated(const Tensor& x) {
  const auto halves = x.chunk(2, 1);
  return halves[0].tanh() * halves[1].sigmoid();
}

GatedLayerImpl::GatedLayerImpl(const std::string& name, int64_t in, int64_t channels, int64_t kernel,
                               bool is_first)
    : is_first_(is_first), reach_(kernel / 2) {
  const double rows = double(kernel_rows()) * double(kernel), both = double(in) * 2 * double(channels);
  training::require_weights(name, both * (rows + double(kernel_columns())));
  rows_ = register_module("rows", Conv2d(Conv2dOptions(in, 2 * channels, {kernel_rows(), kernel})));
  columns_ = register_module("columns", Conv2d(Conv2dOptions(in, 2 * channels, {1, kernel_columns()})));
  link_ = register_module("link", Conv2d(Conv2dOptions(2 * channels, 2 * channels, 1)));
  onward_ = register_module("onward", Conv2d(Conv2dOptions(channels, channels, 1)));
}

Tensor GatedLayerImpl::below_margin(const Tensor& v) const {
  return torch::constant_pad_nd(v, {reach_, reach_, reach_, 0});
}

Tensor GatedLayerImpl::right_of_margin(const Tensor& h) const {
  return torch::constant_pad_nd(h, {reach_, 0});
}

Tensor GatedLayerImpl::columns(const Tensor& padded, const Tensor& v) {
  return columns_->forward(padded) + v;
}

Tensor GatedLayerImpl::onward(const Tensor& h, const Tensor& given) {
  const Tensor out = onward_->forward(gated(h));
  return is_first_ ? out : out + given;
}

GatedPixelCnnNetImpl::GatedPixelCnnNetImpl(int64_t height, int64_t width, const PixelCnnOptions& options)
    : height_(height), width_(width) {
  const int64_t C = options.channels;
  for (int64_t l = 0; l <= options.layers; ++l) {
    const std::string name = l == 0 ? "first" : "layer_" + std::to_string(l);
    layers_.push_back(
        register_module(name, GatedLayer("net." + name, l == 0 ? 1 : C, C,
                                         l == 0 ? options.first_kernel : options.kernel, l == 0)));
  }
  mixed_ = register_module("mixed", Conv2d(Conv2dOptions(C, C, 1)));
  output_ = register_module("output", Conv2d(Conv2dOptions(C, 1, 1)));
}

Tensor GatedPixelCnnNetImpl::head(const Tensor& h) {
  return output_->forward(mixed_->forward(h.relu()).relu()).flatten(1);
}

Tensor GatedPixelCnnNetImpl::forward(const Tensor& x) {
  Tensor v = training::row_by_row(x.view({-1, 1, height_, width_})), h = v;
  for (size_t l = 0; l < layers_.size(); ++l) {
    GatedLayer& layer = layers_[l];
    const Tensor rows = layer->rows(layer->below_margin(v)).narrow(2, 0, height_);
    const Tensor padded = layer->right_of_margin(h).narrow(3, 0, width_ + layer->kernel_columns() - 1);
    h = layer->onward(layer->columns(padded, layer->link(rows)), h);
    training::trace(l == 0 ? "net.first" : "net.layer_" + std::to_string(l), h);
    v = gated(rows);
  }
  return head(h);
}

std::vector<Tensor> GatedPixelCnnNetImpl::rows_seen(const Tensor& picture) {
  std::vector<Tensor> seen;
  Tensor v = picture;
  for (GatedLayer& layer : layers_) {
    seen.push_back(layer->below_margin(v));
    v = gated(layer->rows(seen.back()).narrow(2, 0, height_));
  }
  return seen;
}

std::vector<Tensor> GatedPixelCnnNetImpl::links_of_row(std::vector<Tensor>& seen, int64_t i) {
  std::vector<Tensor> links;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Tensor rows = layers_[l]->rows(seen[l].narrow(2, i, layers_[l]->kernel_rows()));
    links.push_back(layers_[l]->link(rows));
    if (l + 1 == layers_.size()) break;
    const int64_t r = layers_[l + 1]->reach();
    seen[l + 1].narrow(2, i + r, 1).narrow(3, r, width_).copy_(gated(rows));
  }
  return links;
}

void GatedPixelCnnNetImpl::go_on_in_row(const Tensor& x, int64_t i, int64_t from,
                                        const std::vector<Tensor>& links, const DrawNumber& draw) {
  std::vector<Tensor> given;  // to each layer, along the row, with its margin: [B, in, 1, reach + W]
  for (size_t l = 0; l < layers_.size(); ++l) {
    const int64_t channels = l == 0 ? 1 : links[0].size(1) / 2;
    given.push_back(torch::zeros({x.size(0), channels, 1, layers_[l]->reach() + width_}, x.options()));
  }
  for (int64_t j = 0; j < width_; ++j) {
    Tensor h;
    for (size_t l = 0; l < layers_.size(); ++l) {
      GatedLayer& layer = layers_[l];
      if (l > 0) given[l].narrow(3, j + layer->reach(), 1).copy_(h);
      h = layer->onward(
          layer->columns(given[l].narrow(3, j, layer->kernel_columns()), links[l].narrow(3, j, 1)), h);
    }
    const int64_t d = i * width_ + j;
    if (j >= from) x.select(1, d).copy_(draw(d, head(h).squeeze(1)));
    given[0].select(3, j + layers_[0]->reach()).copy_(x.select(1, d).view({-1, 1, 1}));
  }
}

void GatedPixelCnnNetImpl::go_on(Tensor x, int64_t first, const DrawNumber& draw) {
  const torch::NoGradGuard no_grad;
  x.narrow(1, first, x.size(1) - first).zero_();
  std::vector<Tensor> seen = rows_seen(x.view({-1, 1, height_, width_}));
  for (int64_t i = first / width_; i < height_; ++i) {
    go_on_in_row(x, i, i == first / width_ ? first % width_ : 0, links_of_row(seen, i), draw);
    const int64_t r = layers_[0]->reach();
    seen[0]
        .narrow(2, i + r, 1)
        .narrow(3, r, width_)
        .copy_(x.narrow(1, i * width_, width_).view({-1, 1, 1, width_}));
  }
}

}  // namespace generative

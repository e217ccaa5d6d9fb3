#include "training/nets/spectral_norm.h"

#include <string>

namespace training {

using torch::Tensor;

static constexpr double smallest = 1e-12;  // norm of a direction, for weights of zero

static Tensor unit(const Tensor& x) { return x / x.norm().clamp_min(smallest); }

static Tensor* weight_of(torch::nn::Module& layer) {
  if (auto* linear = layer.as<torch::nn::LinearImpl>()) return &linear->weight;
  if (auto* convolution = layer.as<torch::nn::Conv2dImpl>()) return &convolution->weight;
  return nullptr;
}

SpectralNormImpl::SpectralNormImpl(torch::nn::Module& net) {
  for (const auto& module : net.modules()) {
    Tensor* weight = weight_of(*module);
    if (!weight) continue;
    layers_.push_back({weight, *weight});
    names_.push_back("direction_" + std::to_string(layers_.size()));
    register_buffer(names_.back(), unit(torch::randn({weight->size(0)}, weight->detach().options())));
    iterate(layers_.size() - 1, 20);
  }
}

// u by W W^T, in place; nothing of it is differentiated.
void SpectralNormImpl::iterate(size_t layer, int64_t times) {
  const torch::NoGradGuard no_grad;
  const Tensor W = layers_[layer].parameter.flatten(1);  // [out, in]
  Tensor u = named_buffers()[names_[layer]];
  for (int64_t i = 0; i < times; ++i) {
    const Tensor v = unit(torch::mv(W.t(), u));
    u.copy_(unit(torch::mv(W, v)));
  }
}

// u^T W v, whose slope to W is that of the singular value where u and v are its directions.
Tensor SpectralNormImpl::norm_of(size_t layer) const {
  const Tensor W = layers_[layer].parameter.flatten(1);
  // Of length 1 though it be an average; a later iteration leaves this one's slope alone.
  const Tensor u = unit(named_buffers()[names_[layer]]);
  const Tensor v = unit(torch::mv(W.detach().t(), u));
  return torch::dot(u, torch::mv(W, v));
}

void SpectralNormImpl::apply_to_net() {
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (is_training()) iterate(i, 1);
    *layers_[i].used = layers_[i].parameter / norm_of(i).clamp_min(smallest);
  }
}

std::vector<Tensor> SpectralNormImpl::norms() const {
  std::vector<Tensor> all;
  for (size_t i = 0; i < layers_.size(); ++i) all.push_back(norm_of(i));
  return all;
}

}  // namespace training

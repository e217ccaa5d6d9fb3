#include "supervised/scratch/nets.h"

#include "core/error.h"
#include "supervised/scratch/batch_norm.h"
#include "supervised/scratch/convolution.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layer_norm.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/matmul.h"

namespace supervised::scratch {

template <class T>
static const Tensor<T>& at(const Weights<T>& weights, const std::string& name) {
  const auto found = weights.find(name);
  core::check(found != weights.end(), "our own net lacks the weights '{}'", name);
  return found->second;
}

template <class T>
Tensor<T> linear(const Tensor<T>& x, const Weights<T>& weights, const std::string& layer) {
  const Tensor<T> y = matmul_transposed(x, at(weights, layer + ".weight"));
  const auto bias = weights.find(layer + ".bias");
  return bias == weights.end() ? y : y + bias->second;
}

template <class T>
static Tensor<T> batch_normed(const Tensor<T>& x, const Weights<T>& weights, const std::string& norm,
                              const Mode& mode) {
  return batch_norm(x,
                    {at(weights, norm + ".weight"), at(weights, norm + ".bias"),
                     at(weights, norm + ".running_mean"), at(weights, norm + ".running_var")},
                    mode.learning);
}

template <class T>
static Tensor<T> normed(const Tensor<T>& x, const std::string& kind, const Weights<T>& weights,
                        const std::string& norm, const Mode& mode) {
  if (kind == "batch") return batch_normed(x, weights, norm, mode);
  if (kind == "layer") return layer_norm(x, at(weights, norm + ".weight"), at(weights, norm + ".bias"));
  core::check(kind == "none", "unknown norm '{}'", kind);
  return x;
}

template <class T>
Answer<T> Mlp::forward(const Tensor<T>& x, const Weights<T>& weights, const Mode& mode) const {
  Tensor<T> h = x;
  for (int64_t i = 1; i <= hidden; ++i) {
    const std::string number = std::to_string(i);
    h = normed(linear(h, weights, name + "hidden_" + number), norm, weights, name + "norm_" + number, mode);
    h = scratch::dropout(activate(h, activation), dropout, mode);
  }
  return {linear(h, weights, name + "output"), h};
}

template <class T>
Answer<T> Cnn::forward(const Tensor<T>& x, const Weights<T>& weights, const Mode& mode) const {
  Tensor<T> h = x;
  for (int64_t i = 1; i <= convolutions; ++i) {
    const std::string layer = "conv_" + std::to_string(i);
    h = conv2d(h, at(weights, layer + ".weight"), stride, padding);
    if (const auto bias = weights.find(layer + ".bias"); bias != weights.end())
      h = h + reshape(bias->second, {h.size(1), 1, 1});
    if (batch_norm) h = batch_normed(h, weights, "norm_" + std::to_string(i), mode);
    h = activate(h, fc.activation);
    if (pool > 1) h = max_pool(h, pool);
  }
  return fc.forward(reshape(h, {h.size(0), h.count() / h.size(0)}), weights, mode);
}

template Tensor<float> linear(const Tensor<float>&, const Weights<float>&, const std::string&);
template Tensor<double> linear(const Tensor<double>&, const Weights<double>&, const std::string&);
template Answer<float> Mlp::forward(const Tensor<float>&, const Weights<float>&, const Mode&) const;
template Answer<double> Mlp::forward(const Tensor<double>&, const Weights<double>&, const Mode&) const;
template Answer<float> Cnn::forward(const Tensor<float>&, const Weights<float>&, const Mode&) const;
template Answer<double> Cnn::forward(const Tensor<double>&, const Weights<double>&, const Mode&) const;

}  // namespace supervised::scratch

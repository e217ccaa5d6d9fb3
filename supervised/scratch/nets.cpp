#include "supervised/scratch/nets.h"

#include "core/error.h"
#include "supervised/scratch/batch_norm.h"
#include "supervised/scratch/convolution.h"
#include "supervised/scratch/elementwise.h"
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
Answer<T> Mlp::forward(const Tensor<T>& x, const Weights<T>& weights) const {
  Tensor<T> h = x;
  for (int64_t i = 1; i <= hidden; ++i)
    h = activate(linear(h, weights, name + "hidden_" + std::to_string(i)), activation);
  return {linear(h, weights, name + "output"), h};
}

template <class T>
Answer<T> Cnn::forward(const Tensor<T>& x, const Weights<T>& weights, bool learning) const {
  Tensor<T> h = x;
  for (int64_t i = 1; i <= convolutions; ++i) {
    const std::string layer = "conv_" + std::to_string(i), norm = "norm_" + std::to_string(i);
    h = conv2d(h, at(weights, layer + ".weight"), stride, padding);
    if (const auto bias = weights.find(layer + ".bias"); bias != weights.end())
      h = h + reshape(bias->second, {h.size(1), 1, 1});
    if (batch_norm)
      h = scratch::batch_norm(h,
                              {at(weights, norm + ".weight"), at(weights, norm + ".bias"),
                               at(weights, norm + ".running_mean"), at(weights, norm + ".running_var")},
                              learning);
    h = activate(h, fc.activation);
    if (pool > 1) h = max_pool(h, pool);
  }
  return fc.forward(reshape(h, {h.size(0), h.count() / h.size(0)}), weights);
}

template Tensor<float> linear(const Tensor<float>&, const Weights<float>&, const std::string&);
template Tensor<double> linear(const Tensor<double>&, const Weights<double>&, const std::string&);
template Answer<float> Mlp::forward(const Tensor<float>&, const Weights<float>&) const;
template Answer<double> Mlp::forward(const Tensor<double>&, const Weights<double>&) const;
template Answer<float> Cnn::forward(const Tensor<float>&, const Weights<float>&, bool) const;
template Answer<double> Cnn::forward(const Tensor<double>&, const Weights<double>&, bool) const;

}  // namespace supervised::scratch

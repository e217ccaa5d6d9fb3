// Forward and backward of a multi-layer perceptron by three matrix products a layer (Rumelhart et al. 1986),
// and the forward mode of its slope by two more.
#include "training/nets/flat_mlp.h"

#include <algorithm>

namespace training {

FlatMlp::FlatMlp(int64_t inputs, std::vector<int64_t> hidden, int64_t outputs, kernels::Activation activation)
    : activation_(activation) {
  hidden.push_back(outputs);
  int64_t in = inputs, offset = 0;
  for (const int64_t out : hidden) {
    layers_.push_back({in, out, offset, offset + in * out});
    offset += in * out + out;
    in = out;
  }
}

static void enlarge(std::vector<float>& memory, int64_t size) {
  if (static_cast<int64_t>(memory.size()) < size) memory.resize(static_cast<size_t>(size));
}

// y [B, out] = x W + b.
static void linear(const FlatMlp::Layer& layer, const float* parameters, MlpInput x, int64_t B, float* y) {
  const float *weight = parameters + layer.weight, *bias = parameters + layer.bias;
  for (int64_t b = 0; b < B; ++b) std::copy_n(bias, layer.out, y + b * layer.out);
  if (x.rows) return kernels::multiply_add({B, layer.out, layer.in, x.rows, layer.in, 1, weight, y});
  for (int64_t b = 0; b < B; ++b)
    for (int64_t o = 0; o < layer.out; ++o) y[b * layer.out + o] += weight[x.indices[b] * layer.out + o];
}

const float* FlatMlp::forward(const float* parameters, MlpInput x, int64_t B, Workspace& work) const {
  work.outputs.resize(layers_.size());
  for (size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    enlarge(work.outputs[i], B * layer.out);
    float* y = work.outputs[i].data();
    linear(layer, parameters, x, B, y);
    if (i + 1 < layers_.size()) kernels::activate(activation_, y, B * layer.out);
    x = {y, nullptr};
  }
  return x.rows;
}

// dW += x^T d, db += column sums of d.
static void add_gradient(const FlatMlp::Layer& layer, MlpInput x, int64_t B, const float* d,
                         float* gradient) {
  float *weight = gradient + layer.weight, *bias = gradient + layer.bias;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t o = 0; o < layer.out; ++o) bias[o] += d[b * layer.out + o];
  if (x.rows) return kernels::multiply_add({layer.in, layer.out, B, x.rows, 1, layer.in, d, weight});
  for (int64_t b = 0; b < B; ++b)
    for (int64_t o = 0; o < layer.out; ++o) weight[x.indices[b] * layer.out + o] += d[b * layer.out + o];
}

// d_inputs [B, in] = d W^T.
static void pass_down(const FlatMlp::Layer& layer, const float* parameters, int64_t B, const float* d,
                      float* d_inputs, std::vector<float>& transposed) {
  enlarge(transposed, layer.in * layer.out);
  kernels::transpose(parameters + layer.weight, layer.in, layer.out, transposed.data());
  std::fill_n(d_inputs, B * layer.in, 0.0f);
  kernels::multiply_add({B, layer.in, layer.out, d, layer.out, 1, transposed.data(), d_inputs});
}

void FlatMlp::backward(const float* parameters, MlpInput x, int64_t B, const float* d_outputs,
                       float* gradient, Workspace& work, float* d_inputs) const {
  const float* d = d_outputs;
  for (size_t i = layers_.size(); i-- > 0;) {
    const Layer& layer = layers_[i];
    const MlpInput below = i == 0 ? x : MlpInput{work.outputs[i - 1].data(), nullptr};
    if (gradient) add_gradient(layer, below, B, d, gradient);
    if (i == 0) break;
    enlarge(work.d_before, B * layer.in);
    pass_down(layer, parameters, B, d, work.d_before.data(), work.transposed);
    kernels::multiply_by_slope(activation_, below.rows, work.d_before.data(), B * layer.in);
    std::swap(work.d, work.d_before);
    d = work.d.data();
  }
  if (d_inputs) pass_down(layers_[0], parameters, B, d, d_inputs, work.transposed);
}

const float* FlatMlp::tangent(const float* parameters, const float* direction, MlpInput x, int64_t B,
                              Workspace& work) const {
  for (size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    enlarge(work.d_before, B * layer.out);
    float* moved = work.d_before.data();
    linear(layer, direction, x, B, moved);
    if (i > 0)
      kernels::multiply_add(
          {B, layer.out, layer.in, work.d.data(), layer.in, 1, parameters + layer.weight, moved});
    x = {work.outputs[i].data(), nullptr};
    if (i + 1 < layers_.size()) kernels::multiply_by_slope(activation_, x.rows, moved, B * layer.out);
    std::swap(work.d, work.d_before);
  }
  return work.d.data();
}

}  // namespace training

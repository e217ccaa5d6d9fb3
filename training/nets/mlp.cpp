// Layers, their first weights, and the way of a batch through them.
#include "training/nets/mlp.h"

#include <numeric>

#include "core/error.h"
#include "core/memory.h"
#include "training/nets/init.h"
#include "training/nets/layer_memory.h"
#include "training/trace.h"

namespace training {

void MlpOptions::fields(core::Fields& f) {
  f.add("hidden", hidden, "Widths of the hidden layers; [] for a linear map", {.min = 1});
  f.choice("activation", activation, "Function after each hidden layer", activations());
  f.choice("init", init, "How weights begin", initialisers());
  f.add("gain", gain, "Scale of the hidden layers' first weights; null: what suits the activation",
        {.min = 0});
  f.add("out_gain", out_gain,
        "Scale of the output layer's first weights; 0.01 makes a policy begin even-handed", {.min = 0});
  f.add("dropout", dropout, "Share of hidden activations dropped while learning", {.min = 0, .max = 0.99});
}

static double hidden_units(const MlpOptions& options) {
  return std::accumulate(options.hidden.begin(), options.hidden.end(), 0.0);
}

static std::string units_for(const MlpOptions& options, const std::string& what) {
  return fmt::format("net.hidden: {:.3g} hidden units for {}", hidden_units(options), what);
}

void require_outputs(const MlpOptions& options, double rows, const std::string& what) {
  core::require_memory(2 * sizeof(float) * hidden_units(options) * rows, units_for(options, what));
}

void foresee_outputs(const MlpOptions& options, double rows, const std::string& what) {
  core::foresee_memory(2 * sizeof(float) * hidden_units(options) * rows, units_for(options, what));
}

MlpImpl::MlpImpl(const std::string& name, int64_t inputs, int64_t outputs, const MlpOptions& options)
    : name_(name), activation_(options.activation), inputs_(inputs), dropout_(options.dropout) {
  foresee_layers(name, inputs, outputs, options.hidden);
  const double hidden_gain =
      options.gain.value_or(options.init == "default" ? 1 : gain_of(options.activation));
  const auto add = [&](const std::string& layer, int64_t in, int64_t out, double gain) {
    require_weights(name + "." + layer, double(in) * double(out));
    layers_.push_back(register_module(layer, torch::nn::Linear(in, out)));
    initialise(layers_.back()->weight, layers_.back()->bias, options.init, gain);
    traces_.push_back(name + "." + layer);
  };
  int64_t width = inputs;
  for (const int64_t next : options.hidden) {
    add("hidden_" + std::to_string(layers_.size() + 1), width, next, hidden_gain);
    width = next;
  }
  add("output", width, outputs, options.out_gain);
}

// Indices: the one-hot product without the zeros; row i of the transposed weight is what index i would
// select.
static torch::Tensor linear(torch::nn::Linear& layer, const torch::Tensor& x) {
  if (x.is_floating_point()) return layer->forward(x);
  return torch::embedding(layer->weight.t(), x.to(torch::kInt64)) + layer->bias;
}

torch::Tensor MlpImpl::layer(size_t i, const torch::Tensor& x) {
  const torch::Tensor h = linear(layers_[i], x);
  trace(traces_[i], h);
  return h;
}

// Of layer i.
torch::Tensor MlpImpl::activated(size_t i, const torch::Tensor& h) const {
  const torch::Tensor active = activate(h, activation_);
  observe(traces_[i], active);
  return dropout_ > 0 ? torch::dropout(active, dropout_, is_training()) : active;
}

torch::Tensor MlpImpl::features(const torch::Tensor& x) {
  torch::Tensor h = x;
  for (size_t i = 0; i + 1 < layers_.size(); ++i) h = activated(i, layer(i, h));
  return h;
}

torch::Tensor MlpImpl::onward(const torch::Tensor& first) {
  torch::Tensor h = first;
  for (size_t i = 1; i < layers_.size(); ++i) h = layer(i, activated(i - 1, h));
  return h;
}

torch::Tensor MlpImpl::forward(const torch::Tensor& x, const torch::Tensor& y) {
  const auto parts = layers_[0]->weight.split_with_sizes({x.size(-1), y.size(-1)}, 1);
  const torch::Tensor h = at::linear(x, parts[0], layers_[0]->bias) + at::linear(y, parts[1]);
  trace(traces_[0], h);
  return onward(h);
}

torch::Tensor MlpImpl::output(const torch::Tensor& features) { return layer(layers_.size() - 1, features); }

torch::Tensor MlpImpl::forward(const torch::Tensor& x) { return output(features(x)); }

}  // namespace training

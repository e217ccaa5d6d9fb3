// Batch norm: Ioffe & Szegedy (2015), before the activation; layer norm: Ba, Kiros & Hinton (2016); dropout:
// Srivastava et al. (2014).
#include "supervised/feedforward/feed_forward.h"

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/layer_memory.h"
#include "training/trace.h"

namespace supervised {

using torch::Tensor;

void FeedForwardOptions::fields(core::Fields& f) {
  layers.fields(f);
  f.choice(
      "norm", norm,
      "What brings each hidden layer's outputs to mean 0 and variance 1, before the activation: of a unit "
      "over the batch, or of a row over its units",
      {"none", "batch", "layer"});
}

void check_norm(const FeedForwardOptions& options, int64_t batch_size) {
  core::check(options.norm != "batch" || batch_size > 1,
              "net.norm: batch has no variance in batches of one row; expected data.batch_size of 2 or more, "
              "found {}",
              batch_size);
}

FeedForwardImpl::FeedForwardImpl(const std::string& name, int64_t inputs, int64_t outputs,
                                 const FeedForwardOptions& options)
    : name_(name), options_(options) {
  const training::MlpOptions& o = options.layers;
  training::foresee_layers(name, inputs, outputs, o.hidden);
  const double hidden_gain = o.gain.value_or(o.init == "default" ? 1 : training::gain_of(o.activation));
  int64_t width = inputs;
  for (const int64_t next : o.hidden) {
    add_layer("hidden_" + std::to_string(layers_.size() + 1), width, next, hidden_gain);
    add_norm(next);
    width = next;
  }
  add_layer("output", width, outputs, o.out_gain);
}

void FeedForwardImpl::add_layer(const std::string& layer, int64_t in, int64_t out, double gain) {
  training::require_weights(name_ + "." + layer, double(in) * double(out));
  layers_.push_back(register_module(layer, torch::nn::Linear(in, out)));
  training::initialise(layers_.back()->weight, layers_.back()->bias, options_.layers.init, gain);
  traces_.push_back(name_ + "." + layer);
}

void FeedForwardImpl::add_norm(int64_t width) {
  const std::string norm = "norm_" + std::to_string(layers_.size());
  if (options_.norm == "batch") batch_norms_.push_back(register_module(norm, torch::nn::BatchNorm1d(width)));
  if (options_.norm == "layer")
    layer_norms_.push_back(register_module(norm, torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}))));
}

Tensor FeedForwardImpl::normed(size_t i, const Tensor& h) {
  if (options_.norm == "batch") return batch_norms_[i]->forward(h);
  return options_.norm == "layer" ? layer_norms_[i]->forward(h) : h;
}

Tensor FeedForwardImpl::linear(size_t i, const Tensor& x) {
  const Tensor h = layers_[i]->forward(x);
  training::trace(traces_[i], h);
  return h;
}

Tensor FeedForwardImpl::features(const Tensor& x) {
  const double dropout = options_.layers.dropout;
  Tensor h = x;
  for (size_t i = 0; i + 1 < layers_.size(); ++i) {
    h = training::activate(normed(i, linear(i, h)), options_.layers.activation);  // [B, H]
    training::observe(traces_[i], h);
    if (dropout > 0) h = torch::dropout(h, dropout, is_training());
  }
  return h;
}

Tensor FeedForwardImpl::output(const Tensor& features) { return linear(layers_.size() - 1, features); }

}  // namespace supervised

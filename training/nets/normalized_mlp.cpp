#include "training/nets/normalized_mlp.h"

#include "training/nets/init.h"
#include "training/nets/row_by_row.h"
#include "training/trace.h"

namespace training {

NormalizedMlpImpl::NormalizedMlpImpl(const std::string& name, int64_t inputs, int64_t outputs,
                                     const MlpOptions& options, const BatchRenormOptions& norm)
    : activation_(options.activation), inputs_(inputs) {
  const double hidden_gain =
      options.gain.value_or(options.init == "default" ? 1 : gain_of(options.activation));
  const auto add = [&](const std::string& place, const std::string& layer, int64_t in, int64_t out,
                       double gain) {
    require_weights(name + "." + layer, double(in) * double(out));
    norms_.push_back(register_module("norm_" + place, BatchRenorm(in, norm)));
    layers_.push_back(register_module(layer, torch::nn::Linear(in, out)));
    initialise(layers_.back()->weight, layers_.back()->bias, options.init, gain);
    traces_.push_back(name + "." + layer);
  };
  int64_t width = inputs;
  for (const int64_t next : options.hidden) {
    const std::string place = std::to_string(layers_.size() + 1);
    add(place, "hidden_" + place, width, next, hidden_gain);
    width = next;
  }
  add("output", "output", width, outputs, options.out_gain);
}

torch::Tensor NormalizedMlpImpl::forward(const torch::Tensor& x, Statistics by) {
  const torch::Tensor seen = x.to(layers_[0]->weight.device());
  torch::Tensor h = seen.is_floating_point() ? seen : torch::one_hot(seen, inputs_).to(torch::kFloat32);
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0) {
      h = activate(h, activation_);
      observe(traces_[i - 1], h);
    }
    h = layers_[i]->forward(norms_[i]->forward(h, by));
    trace(traces_[i], h);
  }
  return h;
}

torch::Tensor NormalizedMlpImpl::answer(const torch::Tensor& x) {
  const torch::NoGradGuard no_grad;
  return row_by_row(x, [this](const torch::Tensor& row) { return forward(row, Statistics::running).cpu(); });
}

}  // namespace training

#include "generative/autoregressive/masked_mlp.h"

#include <algorithm>
#include <numeric>

#include "training/nets/init.h"
#include "training/nets/native_mlp.h"
#include "training/trace.h"

namespace generative {

using torch::Tensor;

// A unit may see those before it that see no more inputs than itself.
static Tensor mask(const std::vector<int64_t>& before, const std::vector<int64_t>& after) {
  return (torch::tensor(after).unsqueeze(1) >= torch::tensor(before)).to(torch::kFloat32);
}

MaskedMlpImpl::MaskedMlpImpl(const std::string& name, int64_t inputs, const std::vector<int64_t>& sees,
                             const training::MlpOptions& options)
    : activation_(options.activation) {
  training::check_no_dropout(options);
  std::vector<int64_t> before(static_cast<size_t>(inputs));
  std::iota(before.begin(), before.end(), 1);
  const double hidden_gain =
      options.gain.value_or(options.init == "default" ? 1 : training::gain_of(options.activation));
  const auto add = [&](const std::string& layer, const std::vector<int64_t>& after, double gain) {
    training::require_weights(name + "." + layer, double(before.size()) * double(after.size()), 2);
    layers_.push_back(register_module(layer, torch::nn::Linear(std::ssize(before), std::ssize(after))));
    training::initialise(layers_.back()->weight, layers_.back()->bias, options.init, gain);
    masks_.push_back(layers_.back()->register_buffer("mask", mask(before, after)));
    traces_.push_back(name + "." + layer);
    before = after;
  };
  for (const int64_t width : options.hidden) {
    std::vector<int64_t> after(static_cast<size_t>(width));
    for (size_t j = 0; j < after.size(); ++j) after[j] = 1 + int64_t(j) % std::max<int64_t>(1, inputs - 1);
    add("hidden_" + std::to_string(layers_.size() + 1), after, hidden_gain);
  }
  add("output", sees, options.out_gain);
}

Tensor MaskedMlpImpl::forward(const Tensor& x) {
  Tensor h = x;
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0) {
      h = training::activate(h, activation_);
      training::observe(traces_[i - 1], h);
    }
    h = at::linear(h, weight(i), layers_[i]->bias);
    training::trace(traces_[i], h);
  }
  return h;
}

void MaskedMlpImpl::go_on(Tensor x, int64_t first,
                          const std::function<Tensor(int64_t, const Tensor&)>& draw) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> weights;
  for (size_t i = 0; i < layers_.size(); ++i) weights.push_back(weight(i));
  const size_t last = layers_.size() - 1;
  x.narrow(1, first, x.size(1) - first).zero_();
  Tensor sums = at::linear(x, weights[0], layers_[0]->bias);  // of the first layer
  for (int64_t d = first; d < x.size(1); ++d) {
    Tensor h = sums;
    for (size_t i = 1; i < last; ++i)
      h = at::linear(training::activate(h, activation_), weights[i], layers_[i]->bias);
    const Tensor out =
        last == 0 ? sums.select(1, d)
                  : at::mv(training::activate(h, activation_), weights[last][d]) + layers_[last]->bias[d];
    const Tensor drawn = draw(d, out);
    x.select(1, d).copy_(drawn);
    sums = sums + drawn.unsqueeze(1) * weights[0].select(1, d);
  }
}

}  // namespace generative

#include "supervised/scratch/scalar_mlp.h"

#include <algorithm>

#include "core/error.h"

namespace supervised::scratch {
namespace {

Var unit(const std::vector<Var>& weight, const Var& bias, const std::vector<Var>& inputs) {
  Var total = bias;
  for (size_t i = 0; i < inputs.size(); ++i) total = total + weight[i] * inputs[i];
  return total;
}

Var activate(const Var& x, const std::string& name) {
  if (name == "relu") return relu(x);
  if (name == "sigmoid") return sigmoid(x);
  if (name == "tanh") return tanh(x);
  check_activation(name);
  return x;
}

}  // namespace

void check_activation(const std::string& name) {
  const bool known = name == "relu" || name == "sigmoid" || name == "tanh" || name == "identity";
  core::check(known, "net.activation: backend scalars has relu, sigmoid, tanh and identity, found '{}'",
              name);
}

ScalarAnswer forward(const std::vector<ScalarLayer>& layers, const std::vector<Var>& row,
                     const std::string& activation, const ScalarFactors& factors) {
  ScalarAnswer answer{row, row};
  for (size_t l = 0; l < layers.size(); ++l) {
    answer.features = std::move(answer.outputs);
    answer.outputs.clear();
    for (size_t o = 0; o < layers[l].bias.size(); ++o) {
      const Var y = unit(layers[l].weight[o], layers[l].bias[o], answer.features);
      answer.outputs.push_back(l + 1 < layers.size() ? activate(y, activation) : y);
      if (l < factors.size()) answer.outputs.back() = answer.outputs.back() * factors[l].at(o);
    }
  }
  return answer;
}

// The largest logit is taken from all, so that no power overflows.
Var cross_entropy(const std::vector<Var>& logits, size_t label, double smoothing) {
  double largest = logits[0].value();
  for (const Var& logit : logits) largest = std::max(largest, logit.value());
  Var powers = 0, all = 0;
  for (const Var& logit : logits) {
    powers = powers + exp(logit - largest);
    all = all + logit;
  }
  const Var whole = log(powers) + largest;
  const double every = smoothing / static_cast<double>(logits.size());
  return whole - (1 - smoothing) * logits.at(label) - every * all;
}

Var squared_error(const std::vector<Var>& found, const std::vector<double>& wanted) {
  Var total = 0;
  for (size_t k = 0; k < found.size(); ++k) total = total + pow(found[k] - wanted.at(k), 2);
  return total;
}

}  // namespace supervised::scratch

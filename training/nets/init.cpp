// Initialisers and activations by name.
#include "training/nets/init.h"

#include <cmath>

#include "core/error.h"
#include "core/memory.h"
#include "core/nearest.h"

namespace training {

const std::vector<std::string>& initialisers() {
  static const std::vector<std::string> names{"default", "orthogonal",      "xavier", "xavier_normal",
                                              "kaiming", "kaiming_uniform", "zeros"};
  return names;
}

void initialise(torch::Tensor weight, torch::Tensor bias, const std::string& initialiser, double gain) {
  torch::NoGradGuard no_grad;
  if (initialiser == "default") {
    if (gain == 1) return;  // as the layer's constructor left it
    weight.mul_(gain);
    if (bias.defined()) bias.mul_(gain);
    return;
  }
  const double fan_in = double(weight.numel()) / double(weight.size(0));
  if (initialiser == "orthogonal") torch::nn::init::orthogonal_(weight, gain);
  if (initialiser == "xavier") torch::nn::init::xavier_uniform_(weight, gain);
  if (initialiser == "xavier_normal") torch::nn::init::xavier_normal_(weight, gain);
  if (initialiser == "kaiming") torch::nn::init::normal_(weight, 0, gain / std::sqrt(fan_in));
  if (initialiser == "kaiming_uniform") {
    const double reach = gain * std::sqrt(3 / fan_in);  // of the same deviation
    torch::nn::init::uniform_(weight, -reach, reach);
  }
  if (initialiser == "zeros") weight.zero_();
  if (bias.defined()) bias.zero_();
}

void require_weights(const std::string& layer, double weights, int copies) {
  const std::string what = fmt::format("net: {} with {:.3g} weights", layer, weights);
  core::foresee_memory(4 * sizeof(float) * weights, what + ", gradient and moments included,");
  core::require_memory(copies * sizeof(float) * weights, what);
}

const std::vector<std::string>& activations() {
  static const std::vector<std::string> names{"relu", "tanh",       "gelu",    "silu",
                                              "elu",  "leaky_relu", "sigmoid", "identity"};
  return names;
}

torch::Tensor activate(const torch::Tensor& x, const std::string& activation) {
  if (activation == "relu") return torch::relu(x);
  if (activation == "tanh") return torch::tanh(x);
  if (activation == "gelu") return torch::gelu(x);
  if (activation == "silu") return torch::silu(x);
  if (activation == "elu") return torch::elu(x);
  if (activation == "leaky_relu") return torch::leaky_relu(x);
  if (activation == "sigmoid") return torch::sigmoid(x);
  core::check(activation == "identity", "unknown activation '{}'{}", activation,
              core::suggestion(activation, activations()));
  return x;
}

double gain_of(const std::string& activation) {
  if (activation == "tanh") return 5.0 / 3;
  return activation == "sigmoid" || activation == "identity" ? 1 : std::sqrt(2.0);
}

}  // namespace training

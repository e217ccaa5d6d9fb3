// How weights begin. The numbers come from torch's default generator, which the trainer seeds before a
// learner builds.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

namespace training {

// "default": torch's own, U(+-1/sqrt(fan_in)), biases too; they are 0 with all others: "zeros", "orthogonal"
// (Saxe 2014), "xavier" (Glorot & Bengio 2010, uniform), "xavier_normal", "kaiming" (He 2015, normal, fan-in;
// its sqrt(2) is in the activation's gain), "kaiming_uniform".
const std::vector<std::string>& initialisers();
// `gain` multiplies the weights' standard deviation, of the default too. weight [out, in, ...], bias [out] or
// undefined.
void initialise(torch::Tensor weight, torch::Tensor bias, const std::string& initialiser, double gain);

// Error unless there is memory for a layer of so many weights, their gradient and an optimiser's two moments,
// which come with the first step; the layer itself has `copies` of them.
void require_weights(const std::string& layer, double weights, int copies = 1);

// The element-wise functions between layers: relu, tanh, gelu, silu, elu, leaky_relu, sigmoid, identity.
const std::vector<std::string>& activations();
torch::Tensor activate(const torch::Tensor& x, const std::string& activation);
// The gain that keeps the variance through this activation (torch.nn.init.calculate_gain): sqrt(2) for relu
// and its smooth kin, 5/3 for tanh, 1 else.
double gain_of(const std::string& activation);

}  // namespace training

// Recurrent layers: LSTM (Hochreiter & Schmidhuber 1997), GRU (Cho et al. 2014), plain tanh (Elman 1990).
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/options.h"

namespace training {

struct RecurrentOptions {
  std::string cell = "lstm";
  int64_t layers = 1, width = 256;
  double dropout = 0;

  void fields(core::Fields& f);
};

// What the layers remember: hidden [layers, B, D], and of an LSTM cells of the same shape. Empty: zeros.
using RecurrentState = std::vector<torch::Tensor>;

// Parameters input_1 [G D, inputs], hidden_1 [G D, D], bias_1 [G D], ... with G = 4 gates (LSTM: input,
// forget, cell, output), 3 (GRU: reset, update, new) or 1. Weights begin as U(+-1 / sqrt(D)); biases as 0, of
// the LSTM's forget gates as 1 (Jozefowicz et al. 2015).
class RecurrentImpl : public torch::nn::Module {
 public:
  RecurrentImpl(int64_t inputs, const RecurrentOptions& options);

  // [B, T, inputs] -> [B, T, D], from what is remembered, which then is what the end of x left.
  torch::Tensor forward(const torch::Tensor& x, RecurrentState& state);

 private:
  RecurrentOptions options_;
  std::vector<torch::Tensor> weights_;  // in the order of torch::lstm
};
TORCH_MODULE(Recurrent);

}  // namespace training

// Feed-forward, convolutional and recurrent nets as functions of their weights. Names and shapes of the
// weights are those of training/nets, so that one set of weights serves both.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "supervised/scratch/dropout.h"
#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

template <class T>
using Weights = std::map<std::string, Tensor<T>>;  // "hidden_1.weight", ...

// x [N, inputs], weight [outputs, inputs], bias [outputs] or none: x W^T + b.
template <class T>
Tensor<T> linear(const Tensor<T>& x, const Weights<T>& weights, const std::string& layer);

// What the last layer puts out, and what it was given.
template <class T>
struct Answer {
  Tensor<T> outputs, features;
};

// Linear layers with a norm where there is one, an activation and dropout between: <name>hidden_1,
// <name>norm_1, ..., <name>output.
struct Mlp {
  int64_t hidden = 0;  // layers
  std::string activation = "relu";
  std::string name = "";
  double dropout = 0;
  std::string norm = "none";  // none, batch or layer

  // [N, inputs] -> [N, outputs].
  template <class T>
  Answer<T> forward(const Tensor<T>& x, const Weights<T>& weights, const Mode& mode = {}) const;
};

// conv_i, norm_i where there is one, the activation, max pooling; then an Mlp.
struct Cnn {
  int64_t convolutions = 0;
  int64_t stride = 1, padding = 0, pool = 1;
  bool batch_norm = false;
  Mlp fc = {};

  // [B, C, H, W] -> [B, outputs].
  template <class T>
  Answer<T> forward(const Tensor<T>& x, const Weights<T>& weights, const Mode& mode = {}) const;
};

// Symbols, recurrent layers, a linear layer: symbols.weight, recurrent.input_i, recurrent.hidden_i,
// recurrent.bias_i, output.
struct Rnn {
  std::string cell = "rnn";  // rnn (Elman 1990), gru or lstm
  int64_t layers = 1;
  double dropout = 0;  // between the layers, drawn time after time

  // Symbols of B sequences of length T, one sequence after another -> logits [B T, V] in the same order.
  template <class T>
  Answer<T> forward(const std::vector<int64_t>& symbols, int64_t length, const Weights<T>& weights,
                    const Mode& mode = {}) const;
};

}  // namespace supervised::scratch

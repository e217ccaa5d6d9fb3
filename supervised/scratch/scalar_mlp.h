// A multi-layer perceptron number by number, on the scalar autograd: slow, and nothing in it is hidden.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "supervised/scratch/var.h"

namespace supervised::scratch {

struct ScalarLayer {
  std::vector<std::vector<Var>> weight;  // [outputs][inputs]
  std::vector<Var> bias;                 // [outputs]
};

// What the last layer puts out for one row, and what it was given.
struct ScalarAnswer {
  std::vector<Var> outputs, features;
};

// Error unless it is relu, sigmoid, tanh or identity.
void check_activation(const std::string& name);
// Dropout's factors of a row, by hidden layer and unit: 0 where it is dropped; none: nothing is.
using ScalarFactors = std::vector<std::vector<double>>;
// An activation after each layer but the last.
ScalarAnswer forward(const std::vector<ScalarLayer>& layers, const std::vector<Var>& row,
                     const std::string& activation, const ScalarFactors& factors = {});

// -ln of the softmax at `label`, in nats, of one row; `smoothing` moves that share of the label evenly onto
// all classes.
Var cross_entropy(const std::vector<Var>& logits, size_t label, double smoothing);
// Sum of the squared errors of one row.
Var squared_error(const std::vector<Var>& found, const std::vector<double>& wanted);

}  // namespace supervised::scratch

// Small expressions as text, such as "relu(w * x + b) ^ 2": what people draw the computation graph of.
#pragma once

#include <map>
#include <string>

#include "supervised/scratch/var.h"

namespace supervised::scratch {

struct Expression {
  Var result;
  std::map<std::string, Var> variables;  // its leaves, by name
};

// Sums, products, quotients, powers (^ binds to the right), parentheses, numbers, names that have a value in
// `values`, and exp, log, tanh, sigmoid, relu. Error that says where: a word that is not understood, a name
// without a value, a value that is not used.
Expression evaluate(const std::string& text, const std::map<std::string, double>& values);

}  // namespace supervised::scratch

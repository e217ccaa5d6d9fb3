// Numbers that know how they came about (reverse-mode automatic differentiation, Linnainmaa 1970): every
// operation notes its inputs and its slope in each, and backward() takes these notes once, from the result to
// the leaves.
//
//   const Var a(3, "a"), b(5, "b"), d(9, "d");
//   const Var f = a * b + a * d;  // 42
//   f.backward();                 // a.grad() == 14, b.grad() == 3, d.grad() == 3
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace supervised::scratch {

class Var {
 public:
  // What an operation noted; `operation` is empty of a leaf. `name`: a leaf's, or a constant of the
  // operation.
  struct Node {
    double value = 0, grad = 0;
    const char* operation = "";
    std::string name = {};
    std::array<std::shared_ptr<Node>, 2> inputs = {};
    std::array<double, 2> slopes = {};  // d value / d input

    size_t arity() const { return inputs[0] ? (inputs[1] ? 2 : 1) : 0; }
    std::shared_ptr<Node>& input(size_t k) { return inputs[k]; }
    bool is_leaf() const { return *operation == '\0'; }
    ~Node();
  };

  // A leaf; a plain number where one is expected becomes a constant.
  Var(double value, std::string name = "");  // NOLINT(google-explicit-constructor)

  double value() const { return node_->value; }
  // Of a leaf: the sum over all calls of backward() since it was last set to 0. Of what lies between: the
  // latest call's.
  double grad() const { return node_->grad; }
  void zero_grad() const { node_->grad = 0; }
  // Adds d this / d x to the gradient of every leaf x beneath. Returns how many nodes were visited: all that
  // there are, each once.
  size_t backward() const;

  const std::shared_ptr<Node>& node() const { return node_; }

  // The operations beneath make their results by these.
  static Var made(const char* operation, double value, const Var& x, double slope);
  static Var made(const char* operation, double value, const Var& x, double slope_x, const Var& y,
                  double slope_y);

 private:
  explicit Var(std::shared_ptr<Node> node) : node_(std::move(node)) {}

  std::shared_ptr<Node> node_;
};

Var operator+(const Var& x, const Var& y);
Var operator-(const Var& x, const Var& y);
Var operator*(const Var& x, const Var& y);
Var operator/(const Var& x, const Var& y);
Var operator-(const Var& x);
Var pow(const Var& x, double exponent);
Var pow(const Var& x, const Var& exponent);  // x > 0, else the exponent's slope is not a number
Var exp(const Var& x);
Var log(const Var& x);
Var tanh(const Var& x);
Var sigmoid(const Var& x);
Var relu(const Var& x);  // slope 0 at 0

}  // namespace supervised::scratch

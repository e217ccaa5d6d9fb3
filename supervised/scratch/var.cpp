#include "supervised/scratch/var.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "supervised/scratch/order.h"

namespace supervised::scratch {

Var::Node::~Node() { let_go(*this); }

Var::Var(double value, std::string name) : node_(std::make_shared<Node>()) {
  node_->value = value;
  node_->name = std::move(name);
}

Var Var::made(const char* operation, double value, const Var& x, double slope) {
  auto node = std::make_shared<Node>();
  node->value = value;
  node->operation = operation;
  node->inputs = {x.node_, nullptr};
  node->slopes = {slope, 0};
  return Var(std::move(node));
}

Var Var::made(const char* operation, double value, const Var& x, double slope_x, const Var& y,
              double slope_y) {
  Var result = made(operation, value, x, slope_x);
  result.node_->inputs[1] = y.node_;
  result.node_->slopes[1] = slope_y;
  return result;
}

size_t Var::backward() const {
  const auto order = in_order_of_making(node_.get());
  for (Node* node : order)
    if (!node->is_leaf()) node->grad = 0;
  node_->grad += 1;
  for (auto node = order.rbegin(); node != order.rend(); ++node)
    for (size_t k = 0; k < (*node)->arity(); ++k)
      (*node)->inputs[k]->grad += (*node)->slopes[k] * (*node)->grad;
  return order.size();
}

Var operator+(const Var& x, const Var& y) { return Var::made("+", x.value() + y.value(), x, 1, y, 1); }

Var operator-(const Var& x, const Var& y) { return Var::made("-", x.value() - y.value(), x, 1, y, -1); }

Var operator*(const Var& x, const Var& y) {
  return Var::made("*", x.value() * y.value(), x, y.value(), y, x.value());
}

Var operator/(const Var& x, const Var& y) {
  const double ratio = x.value() / y.value();
  return Var::made("/", ratio, x, 1 / y.value(), y, -ratio / y.value());
}

Var operator-(const Var& x) { return Var::made("-", -x.value(), x, -1); }

Var pow(const Var& x, double exponent) {
  Var power = Var::made("^", std::pow(x.value(), exponent), x, exponent * std::pow(x.value(), exponent - 1));
  power.node()->name = fmt::format("{:g}", exponent);
  return power;
}

Var pow(const Var& x, const Var& exponent) {
  const double n = exponent.value(), power = std::pow(x.value(), n);
  return Var::made("^", power, x, n * std::pow(x.value(), n - 1), exponent, power * std::log(x.value()));
}

Var exp(const Var& x) {
  const double power = std::exp(x.value());
  return Var::made("exp", power, x, power);
}

Var log(const Var& x) { return Var::made("log", std::log(x.value()), x, 1 / x.value()); }

Var tanh(const Var& x) {
  const double t = std::tanh(x.value());
  return Var::made("tanh", t, x, 1 - t * t);
}

Var sigmoid(const Var& x) {
  const double s = 1 / (1 + std::exp(-x.value()));
  return Var::made("sigmoid", s, x, s * (1 - s));
}

Var relu(const Var& x) { return Var::made("relu", x.value() > 0 ? x.value() : 0, x, x.value() > 0 ? 1 : 0); }

}  // namespace supervised::scratch

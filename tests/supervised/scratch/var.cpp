// Scalar autograd: the values of the courses, every operation against central differences, and what deep and
// shared graphs cost.
#include "supervised/scratch/var.h"

#include <cmath>
#include <functional>

#include "tests/catch.h"

namespace tests::var {

using supervised::scratch::Var;

TEST_CASE("f = ab + ad is 42 with slopes 14, 3, 3; going back twice doubles them", "[scratch]") {
  const Var a(3), b(5), d(9), f = a * b + a * d;
  CHECK(f.value() == 42);
  f.backward();
  CHECK((a.grad() == 14 && b.grad() == 3 && d.grad() == 3));
  f.backward();
  CHECK((a.grad() == 28 && b.grad() == 6 && d.grad() == 6));
  for (const Var& leaf : {a, b, d}) leaf.zero_grad();
  f.backward();
  CHECK((a.grad() == 14 && b.grad() == 3 && d.grad() == 3));
}

namespace {

using Function = std::function<Var(const Var&, const Var&)>;

// Central differences, of relative error step^2 (truncation) and 1e-16 / step (rounding).
double slope(const Function& f, double x, double y, bool of_x) {
  const double step = 1e-5;
  const double dx = of_x ? step : 0, dy = of_x ? 0 : step;
  return (f(x + dx, y + dy).value() - f(x - dx, y - dy).value()) / (2 * step);
}

void check_slopes(const char* name, const Function& f, double x_at, double y_at) {
  const Var x(x_at), y(y_at);
  f(x, y).backward();
  INFO(name << " at " << x_at << ", " << y_at);
  CHECK(x.grad() == Approx(slope(f, x_at, y_at, true)).epsilon(1e-6).margin(1e-9));
  CHECK(y.grad() == Approx(slope(f, x_at, y_at, false)).epsilon(1e-6).margin(1e-9));
}

}  // namespace

TEST_CASE("every scalar operation has the slope of central differences", "[scratch]") {
  const std::pair<const char*, Function> functions[] = {
      {"+", [](const Var& x, const Var& y) { return x + y; }},
      {"-", [](const Var& x, const Var& y) { return x - y; }},
      {"*", [](const Var& x, const Var& y) { return x * y; }},
      {"/", [](const Var& x, const Var& y) { return x / y; }},
      {"negation", [](const Var& x, const Var& y) { return -x * y; }},
      {"cube", [](const Var& x, const Var& y) { return pow(x, 3) + y; }},
      {"root", [](const Var& x, const Var& y) { return pow(x * x, 0.5) + y; }},
      {"power", [](const Var& x, const Var& y) { return pow(x * x, y); }},
      {"exp", [](const Var& x, const Var& y) { return exp(x * y); }},
      {"log", [](const Var& x, const Var& y) { return log(x * x) * y; }},
      {"tanh", [](const Var& x, const Var& y) { return tanh(x + y); }},
      {"sigmoid", [](const Var& x, const Var& y) { return sigmoid(x - y); }},
      {"relu", [](const Var& x, const Var& y) { return relu(x) + relu(y); }},
      {"used twice", [](const Var& x, const Var& y) { return x * x * y + x; }}};
  for (const auto& [name, f] : functions)
    for (const double x : {-1.7, 0.4, 2.3})
      for (const double y : {-0.6, 1.9}) check_slopes(name, f, x, y);
}

// The 2-2-2 net of pen and paper: sigmoid hidden units, softmax, cross entropy, one row.
TEST_CASE("the drawn 2-2-2 net has the gradient of central differences", "[scratch]") {
  std::vector<double> weights{.15, .2, .25, .3, .35, .35, .4, .45, .5, .55, .6, .6};
  const auto loss = [](const std::vector<Var>& w) {
    const Var x1(0.05), x2(0.1);
    const Var h1 = sigmoid(w[0] * x1 + w[1] * x2 + w[4]), h2 = sigmoid(w[2] * x1 + w[3] * x2 + w[5]);
    const Var y1 = w[6] * h1 + w[7] * h2 + w[10], y2 = w[8] * h1 + w[9] * h2 + w[11];
    return -log(exp(y1) / (exp(y1) + exp(y2)));
  };
  const std::vector<Var> leaves(weights.begin(), weights.end());
  loss(leaves).backward();
  for (size_t i = 0; i < weights.size(); ++i) {
    const auto moved = [&](double step) {
      std::vector<Var> w(weights.begin(), weights.end());
      w[i] = Var(weights[i] + step);
      return loss(w).value();
    };
    INFO("weight " << i);
    CHECK(leaves[i].grad() == Approx((moved(1e-5) - moved(-1e-5)) / 2e-5).epsilon(1e-6));
  }
}

// Two to the power of 60 paths lead from the end to the beginning.
TEST_CASE("a shared graph is visited once, whatever the paths through it", "[scratch]") {
  const Var x(1);
  Var y = x;
  for (int i = 0; i < 60; ++i) y = y + y;
  CHECK(y.backward() == 61);
  CHECK(x.grad() == std::pow(2, 60));
}

TEST_CASE("a chain of a million operations needs no deep stack, neither back nor in the end", "[scratch]") {
  const Var x(1);
  {
    Var y = x;
    for (int i = 0; i < 1000000; ++i) y = y + x;
    CHECK(y.value() == 1000001);
    CHECK(y.backward() == 1000001);
  }
  CHECK(x.grad() == 1000001);
  CHECK(x.node().use_count() == 1);
}

}  // namespace tests::var

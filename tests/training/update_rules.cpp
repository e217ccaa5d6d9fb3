// Three steps of every optimiser down w^2 / 2 from 1, worked out by hand from its paper's equations; Muon's
// matrices by their singular values.
#include "training/loop/tensor_rules.h"

#include <cmath>

#include "tests/catch.h"

using namespace training;
using torch::Tensor;

namespace {

std::vector<double> walk(const OptimOptions& options, torch::Dtype dtype, int steps = 3) {
  Tensor w = torch::ones({1}, dtype).set_requires_grad(true);
  Optimizer optimizer(options, {{"w", w, true}});
  std::vector<double> places;
  for (int i = 0; i < steps; ++i) {
    w.mutable_grad() = w.detach().clone();
    optimizer.step(0.1);
    places.push_back(w.item<double>());
  }
  return places;
}

struct Walk {
  OptimOptions options;
  std::vector<double> expected;
};

const Walk walks[] = {
    {{.algorithm = "sgd"}, {0.9, 0.81, 0.729}},
    {{.algorithm = "sgd", .momentum = 0.9}, {0.9, 0.72, 0.486}},
    {{.algorithm = "sgd", .momentum = 0.9, .nesterov = true}, {0.81, 0.5751, 0.327321}},
    {{.algorithm = "rmsprop", .alpha = 0.9, .eps = 0.01}, {0.693465699683, 0.511741750513, 0.383131970602}},
    {{.algorithm = "adagrad", .eps = 0.01}, {0.90099009901, 0.834546623846, 0.782182780964}},
    {{.algorithm = "adadelta", .alpha = 0.9, .eps = 0.01}, {0.969848865542, 0.939429609385, 0.9091401196}},
    {{.algorithm = "adam", .beta1 = 0.8, .beta2 = 0.9, .eps = 0.01},
     {0.90099009901, 0.802468793048, 0.704810024264}},
    {{.algorithm = "adam", .beta1 = 0.8, .beta2 = 0.9, .eps = 0.01, .weight_decay = 0.5},
     {0.900662251656, 0.80179948647, 0.703787276325}},
    {{.algorithm = "adamw", .beta1 = 0.8, .beta2 = 0.9, .eps = 0.01, .weight_decay = 0.5},
     {0.85099009901, 0.71029764516, 0.578192917188}},
    {{.algorithm = "lion", .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.5}, {0.85, 0.7075, 0.572125}}};

// Five times the polynomial, of a number.
double iterated(double s) {
  for (int i = 0; i < 5; ++i) s = 3.4445 * s - 4.7750 * std::pow(s, 3) + 2.0315 * std::pow(s, 5);
  return s;
}

Tensor rotation(int64_t n, uint64_t seed) {
  torch::manual_seed(seed);
  return std::get<0>(torch::linalg_qr(torch::randn({n, n}, torch::kFloat64)));
}

double largest_gap(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("Every optimiser walks as its equations say", "[training][optimizer]") {
  for (const auto& [options, expected] : walks)
    for (const torch::Dtype dtype : {torch::kFloat64, torch::kFloat32}) {
      const std::vector<double> found = walk(options, dtype);
      INFO(options.algorithm << (dtype == torch::kFloat64 ? " float64" : " float32"));
      for (size_t i = 0; i < 3; ++i)
        CHECK(found[i] == Approx(expected[i]).epsilon(dtype == torch::kFloat64 ? 1e-10 : 1e-6));
    }
}

TEST_CASE("Lion goes by the sign of old and new gradients together", "[training][optimizer]") {
  for (const torch::Dtype dtype : {torch::kFloat64, torch::kFloat32}) {
    Tensor w = torch::ones({1}, dtype).set_requires_grad(true);
    Optimizer optimizer({.algorithm = "lion", .beta1 = 0.8, .beta2 = 0.9}, {{"w", w, true}});
    // 0.2, then 0.8 * 0.1 - 0.2 * 0.3 = 0.02, then 0.8 * 0.06 - 0.2 * 0.3 = -0.012, then nothing at all
    const std::vector<double> gradients{1, -0.3, -0.3}, expected{0.9, 0.8, 0.9};
    for (size_t i = 0; i < 3; ++i) {
      w.mutable_grad() = torch::full({1}, gradients[i], dtype);
      optimizer.step(0.1);
      CHECK(w.item<double>() == Approx(expected[i]).epsilon(1e-6));
    }
  }
}

TEST_CASE("Muon's matrices keep their directions and lose their lengths", "[training][optimizer]") {
  const Tensor singular = torch::tensor({3.0, 2.0, 0.5}, torch::kFloat64);
  const double norm = singular.norm().item<double>();
  Tensor flat = torch::zeros({3, 5}, torch::kFloat64), expected = flat.clone();
  for (int64_t i = 0; i < 3; ++i) {
    flat[i][i] = singular[i];
    expected[i][i] = iterated(singular[i].item<double>() / norm);
  }
  const Tensor left = rotation(3, 1), right = rotation(5, 2);
  const Tensor wide = left.matmul(flat).matmul(right), turned = left.matmul(expected).matmul(right);
  CHECK(largest_gap(orthogonalised(wide), turned) < 1e-6);
  CHECK(largest_gap(orthogonalised(wide.t()), turned.t()) < 1e-6);
  for (double s = 0.01; s <= 1; s += 0.001) CHECK((iterated(s) > 0.68 && iterated(s) < 1.14));
}

TEST_CASE("Muon walks as its equations say, by AdamW beside its matrices", "[training][optimizer]") {
  const OptimOptions options{
      .algorithm = "muon", .momentum = 0.5, .beta1 = 0.8, .beta2 = 0.9, .eps = 0.01, .weight_decay = 0.5};
  Tensor inner = torch::ones({1, 1}, torch::kFloat64).set_requires_grad(true),
         output = inner.detach().clone().set_requires_grad(true),
         bias = torch::ones({1}, torch::kFloat64).set_requires_grad(true);
  Optimizer optimizer(options, {{"net/hidden_1.weight", inner, true},
                                {"net/output.weight", output, true},
                                {"net/hidden_1.bias", bias, false}});
  CHECK(optimizer.state().size() == 1 + 2 + 2);
  // 1 becomes 0.69643640947 after five times the polynomial; a step is 0.1 * 0.2 times that, after a pull of
  // 0.05
  const std::vector<double> muon{0.936071271811, 0.875338980031, 0.817643302840},
      adamw{0.85099009901, 0.71029764516, 0.578192917188},
      adam{0.90099009901, 0.802468793048, 0.704810024264};
  for (size_t i = 0; i < 3; ++i) {
    for (Tensor* w : {&inner, &output, &bias}) w->mutable_grad() = w->detach().clone();
    optimizer.step(0.1);
    CHECK(inner.item<double>() == Approx(muon[i]).epsilon(1e-6));
    CHECK(output.item<double>() == Approx(adamw[i]).epsilon(1e-9));
    CHECK(bias.item<double>() == Approx(adam[i]).epsilon(1e-9));
  }
}

TEST_CASE("Muon's step has the length that AdamW's has, whatever the matrix", "[training][optimizer]") {
  torch::manual_seed(3);
  for (const auto& shape : {std::vector<int64_t>{64, 16}, {16, 64}, {8, 4, 3, 3}}) {
    Tensor w = torch::zeros(shape).set_requires_grad(true);
    w.mutable_grad() = torch::randn(shape) * 7;
    Optimizer optimizer({.algorithm = "muon"}, {{"net/conv.weight", w, true}});
    optimizer.step(1);
    CHECK(w.detach().square().mean().sqrt().item<double>() == Approx(0.2).epsilon(0.15));
  }
}

TEST_CASE("l1 pulls weights to 0 evenly, and spares what decay spares", "[training][optimizer]") {
  Tensor weight = torch::tensor({2.0f, -2.0f, 0.0f}).set_requires_grad(true),
         bias = torch::full({1}, 2.0f).set_requires_grad(true);
  Optimizer optimizer({.algorithm = "sgd", .l1 = 0.5}, {{"weight", weight, true}, {"bias", bias, false}});
  for (Tensor* w : {&weight, &bias}) w->mutable_grad() = torch::zeros_like(*w);
  optimizer.step(0.1);
  CHECK(largest_gap(weight.detach(), torch::tensor({1.95f, -1.95f, 0.0f})) < 1e-6);
  CHECK(bias.item<float>() == 2);
}

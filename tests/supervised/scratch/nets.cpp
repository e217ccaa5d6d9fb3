// Whole nets on our own autograd against central differences: the drawn 2-2-2 net, a CNN, recurrent cells.
#include "supervised/scratch/nets.h"

#include "supervised/scratch/losses.h"
#include "supervised/scratch/var.h"
#include "tests/supervised/scratch/central_differences.h"

namespace tests::nets {

using namespace supervised::scratch;
using Arrays = std::vector<Array>;

namespace {

using Named = std::vector<std::pair<std::string, Shape>>;

Weights<double> weights_of(const Named& named, const Arrays& values) {
  Weights<double> weights;
  for (size_t i = 0; i < named.size(); ++i) weights.insert({named[i].first, values[i]});
  return weights;
}

template <class Loss>
void check_net(const std::string& name, const Named& named, Loss loss) {
  std::vector<Shape> shapes;
  for (const auto& [weight, shape] : named) shapes.push_back(shape);
  check_gradient(
      name, [&](const Arrays& values) { return loss(weights_of(named, values)); }, shapes);
}

const Named mlp{
    {"hidden_1.weight", {2, 2}}, {"hidden_1.bias", {2}}, {"output.weight", {2, 2}}, {"output.bias", {2}}};

}  // namespace

TEST_CASE("the drawn 2-2-2 net as a whole", "[scratch]") {
  const Array x({3, 2}, {0.05, 0.1, -0.7, 0.4, 1, -1});
  for (const std::string activation : {"sigmoid", "tanh", "relu"}) {
    const Mlp net{1, activation};
    check_net(activation, mlp, [&](const Weights<double>& w) {
      return cross_entropy(net.forward(x, w).outputs, {0, 1, 0});
    });
    check_net(activation, mlp, [&](const Weights<double>& w) {
      return squared_error(net.forward(x, w).outputs, Array({3, 2}, {0.01, 0.99, 1, 0, 0, 1}));
    });
  }
}

TEST_CASE("the 2-2-2 net has the same loss and gradient of arrays as of numbers", "[scratch]") {
  Arrays leaves;
  std::vector<Var> vars;
  for (const auto& [name, shape] : mlp) {
    const std::vector<double> values = drawn(shape, leaves.size() + 7);
    leaves.push_back(Array::leaf(shape, values));
    vars.insert(vars.end(), values.begin(), values.end());
  }
  const Array loss = cross_entropy(
      Mlp{1, "sigmoid"}.forward(Array({1, 2}, {0.05, 0.1}), weights_of(mlp, leaves)).outputs, {0});
  loss.backward();
  const auto unit = [&](size_t weight, size_t bias, const Var& u, const Var& v) {
    return vars[weight] * u + vars[weight + 1] * v + vars[bias];
  };
  const Var x1(0.05), x2(0.1), h1 = sigmoid(unit(0, 4, x1, x2)), h2 = sigmoid(unit(2, 5, x1, x2));
  const Var y1 = unit(6, 10, h1, h2), y2 = unit(8, 11, h1, h2), scalar = -log(exp(y1) / (exp(y1) + exp(y2)));
  scalar.backward();
  CHECK(loss.item() == Approx(scalar.value()).epsilon(1e-12));
  size_t i = 0;
  for (const Array& leaf : leaves)
    for (int64_t k = 0; k < leaf.count(); ++k)
      CHECK(leaf.gradient()[k] == Approx(vars[i++].grad()).epsilon(1e-12));
}

TEST_CASE("a net with layer norm and dropout as a whole", "[scratch]") {
  const Array x({3, 2}, {0.05, 0.1, -0.7, 0.4, 1, -1});
  Named named = mlp;
  named.insert(named.end(), {{"norm_1.weight", {2}}, {"norm_1.bias", {2}}});
  const Mlp net{.hidden = 1, .activation = "tanh", .dropout = 0.5, .norm = "layer"};
  const Mode mode{true, [](const Shape&, double) { return std::vector<uint8_t>{1, 0, 0, 1, 1, 1}; }};
  check_net("layer norm", named, [&](const Weights<double>& w) {
    return cross_entropy(net.forward(x, w, mode).outputs, {0, 1, 0});
  });
}

TEST_CASE("a convolutional net as a whole", "[scratch]") {
  const Array pictures({4, 1, 6, 6}, drawn({4, 1, 6, 6}, 9));
  const Named named{{"conv_1.weight", {2, 1, 3, 3}}, {"norm_1.weight", {2}},    {"norm_1.bias", {2}},
                    {"fc.hidden_1.weight", {3, 18}}, {"fc.hidden_1.bias", {3}}, {"fc.output.weight", {2, 3}},
                    {"fc.output.bias", {2}}};
  const Cnn net{1, 1, 1, 2, true, {1, "tanh", "fc."}};
  check_net("cnn", named, [&](Weights<double> w) {
    w.insert({"norm_1.running_mean", Array({2}, {0, 0})});
    w.insert({"norm_1.running_var", Array({2}, {1, 1})});
    return cross_entropy(net.forward(pictures, w, {.learning = true}).outputs, {0, 1, 1, 0});
  });
}

TEST_CASE("recurrent nets as a whole, two layers, back through time", "[scratch]") {
  const int64_t E = 2, D = 3, V = 4;
  for (const auto& [cell, gates] : {std::pair{"rnn", 1}, {"gru", 3}, {"lstm", 4}}) {
    const Named named{{"symbols.weight", {V, E}},
                      {"recurrent.input_1", {gates * D, E}},
                      {"recurrent.hidden_1", {gates * D, D}},
                      {"recurrent.bias_1", {gates * D}},
                      {"recurrent.input_2", {gates * D, D}},
                      {"recurrent.hidden_2", {gates * D, D}},
                      {"recurrent.bias_2", {gates * D}},
                      {"output.weight", {V, D}},
                      {"output.bias", {V}}};
    const Rnn net{cell, 2};
    check_net(cell, named, [&](const Weights<double>& w) {
      return cross_entropy(net.forward({0, 1, 2, 3, 3, 1, 0, 2}, 4, w).outputs, {1, 2, 3, -100, 1, 0, 2, 0});
    });
  }
}

}  // namespace tests::nets

// Every operation of our own tensor autograd against LibTorch's, values and slopes.
#include "supervised/scratch/batch_norm.h"
#include "supervised/scratch/convolution.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layer_norm.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/losses.h"
#include "supervised/scratch/matmul.h"
#include "supervised/scratch/nets.h"
#include "supervised/scratch/sums.h"
#include "tests/catch.h"
#include "training/nets/init.h"

namespace {

namespace scratch = supervised::scratch;
using torch::Tensor;
using Own = scratch::Tensor<double>;
using Owns = std::vector<Own>;
using Theirs = std::vector<Tensor>;

Own lent(const Tensor& values, const Tensor& gradient = {}) {
  return Own::borrowed(values.sizes().vec(), values.data_ptr<double>(),
                       gradient.defined() ? gradient.data_ptr<double>() : nullptr);
}

void check_close(const std::string& what, const Tensor& ours, const Tensor& theirs) {
  INFO(what << ": " << (ours - theirs).abs().max().item<double>());
  CHECK(torch::allclose(ours, theirs, 1e-10, 1e-12));
}

// The same numbers through both; each number of the result weighs something else.
void compare(const std::string& name, const std::vector<std::vector<int64_t>>& shapes,
             const std::function<Own(const Owns&)>& ours,
             const std::function<Tensor(const Theirs&)>& theirs) {
  torch::manual_seed(5);
  Theirs inputs, gradients;
  Owns own;
  for (const auto& shape : shapes) {
    inputs.push_back(torch::rand(shape, torch::kFloat64) + 0.2);
    gradients.push_back(torch::zeros_like(inputs.back()));
    own.push_back(lent(inputs.back(), gradients.back()));
    inputs.back().requires_grad_();
  }
  const Own y = ours(own);
  const Tensor expected = theirs(inputs), weights = torch::rand_like(expected);
  (expected * weights).sum().backward();
  scratch::sum(y * lent(weights)).backward();
  REQUIRE(y.shape() == expected.sizes().vec());
  check_close(name, torch::from_blob(y.values(), y.shape(), torch::kFloat64), expected.detach());
  for (size_t k = 0; k < inputs.size(); ++k)
    check_close(name + ", slope " + std::to_string(k), gradients[k], inputs[k].grad());
}

}  // namespace

TEST_CASE("Our elementwise operations and sums equal LibTorch's", "[supervised][scratch]") {
  compare(
      "+", {{3, 4}, {4}}, [](const Owns& x) { return x[0] + x[1]; },
      [](const Theirs& x) { return x[0] + x[1]; });
  compare(
      "-", {{2, 1, 4}, {3, 1}}, [](const Owns& x) { return x[0] - x[1]; },
      [](const Theirs& x) { return x[0] - x[1]; });
  compare(
      "*", {{2, 3, 4}, {1, 3, 1}}, [](const Owns& x) { return x[0] * x[1]; },
      [](const Theirs& x) { return x[0] * x[1]; });
  compare(
      "/", {{3, 1}, {1, 4}}, [](const Owns& x) { return x[0] / x[1]; },
      [](const Theirs& x) { return x[0] / x[1]; });
  compare(
      "exp", {{7}}, [](const Owns& x) { return exp(x[0]); }, [](const Theirs& x) { return x[0].exp(); });
  compare(
      "log", {{7}}, [](const Owns& x) { return log(x[0]); }, [](const Theirs& x) { return x[0].log(); });
  compare(
      "pow", {{7}}, [](const Owns& x) { return pow(x[0], 1.7); },
      [](const Theirs& x) { return x[0].pow(1.7); });
  for (const std::string& name : training::activations())
    compare(
        name, {{5, 3}}, [&](const Owns& x) { return activate(scale(x[0], 4, -2), name); },
        [&](const Theirs& x) { return training::activate(4 * x[0] - 2, name); });
  compare(
      "sum", {{2, 3, 4}},
      [](const Owns& x) {
        return sum(x[0], {0, 2});
      },
      [](const Theirs& x) { return x[0].sum(0, true).sum(2, true); });
  compare(
      "mean", {{2, 3}}, [](const Owns& x) { return mean(x[0]); },
      [](const Theirs& x) { return x[0].mean(); });
}

TEST_CASE("Our products, shapes and rows equal LibTorch's", "[supervised][scratch]") {
  compare(
      "matmul", {{13, 300}, {300, 17}}, [](const Owns& x) { return matmul(x[0], x[1]); },
      [](const Theirs& x) { return x[0].matmul(x[1]); });
  compare(
      "many", {{5, 3}, {2, 3, 4}}, [](const Owns& x) { return matmul(x[0], x[1]); },
      [](const Theirs& x) { return torch::matmul(x[0], x[1]); });
  compare(
      "x y^T", {{5, 3}, {9, 3}}, [](const Owns& x) { return matmul_transposed(x[0], x[1]); },
      [](const Theirs& x) { return x[0].matmul(x[1].t()); });
  compare(
      "transpose", {{5, 3}}, [](const Owns& x) { return transpose(x[0]); },
      [](const Theirs& x) { return x[0].t().contiguous(); });
  compare(
      "narrow", {{2, 5, 3}}, [](const Owns& x) { return narrow(x[0], 1, 2, 2); },
      [](const Theirs& x) { return x[0].narrow(1, 2, 2).contiguous(); });
  compare(
      "concatenate", {{2, 3}, {4, 3}}, [](const Owns& x) { return concatenate(x); },
      [](const Theirs& x) {
        return torch::cat({x[0], x[1]});
      });
  compare(
      "embedding", {{4, 3}},
      [](const Owns& x) {
        return scratch::embedding(x[0], {2, 0, 2});
      },
      [](const Theirs& x) {
        return torch::embedding(x[0], torch::tensor({2, 0, 2}));
      });
}

TEST_CASE("Our convolutions, pooling and batch norm equal LibTorch's", "[supervised][scratch]") {
  for (const int64_t stride : {1, 2, 3})
    for (const int64_t padding : {0, 1, 2})
      for (const int64_t kernel : {1, 2, 3, 5})
        compare(
            "conv2d", {{2, 3, 7, 6}, {4, 3, kernel, kernel}},
            [=](const Owns& x) { return scratch::conv2d(x[0], x[1], stride, padding); },
            [=](const Theirs& x) { return torch::conv2d(x[0], x[1], {}, stride, padding); });
  compare(
      "unfold", {{2, 3, 5, 6}},
      [](const Owns& x) {
        return scratch::unfold(x[0], {3, 5, 6, 2, 3, 2, 1});
      },
      [](const Theirs& x) {
        return torch::im2col(x[0], {2, 3}, {1, 1}, {1, 1}, {2, 2});
      });
  compare(
      "max_pool", {{2, 3, 7, 6}}, [](const Owns& x) { return scratch::max_pool(x[0], 2); },
      [](const Theirs& x) { return torch::max_pool2d(x[0], 2); });
  for (const bool learning : {true, false}) {
    const Tensor mean = torch::rand({3}, torch::kFloat64), variance = mean + 1, own_mean = mean.clone(),
                 own_variance = variance.clone();
    compare(
        "batch_norm", {{4, 3, 2, 5}, {3}, {3}},
        [&](const Owns& x) {
          return batch_norm(x[0], {x[1], x[2], lent(own_mean), lent(own_variance)}, learning);
        },
        [&](const Theirs& x) {
          return torch::batch_norm(x[0], x[1], x[2], mean, variance, learning, 0.1, 1e-5, false);
        });
    check_close("running mean", own_mean, mean);
    check_close("running variance", own_variance, variance);
  }
}

TEST_CASE("Our layer norm and dropout equal LibTorch's", "[supervised][scratch]") {
  compare(
      "layer_norm", {{3, 7}, {7}, {7}}, [](const Owns& x) { return layer_norm(x[0], x[1], x[2]); },
      [](const Theirs& x) { return torch::layer_norm(x[0], {7}, x[1], x[2], 1e-5); });
  const std::vector<uint8_t> kept{1, 0, 1, 1, 0, 1};
  const scratch::Mode learning{true, [&](const scratch::Shape&, double) { return kept; }};
  const Tensor mask = torch::tensor({1, 0, 1, 1, 0, 1}, torch::kFloat64).view({2, 3});
  compare(
      "dropout", {{2, 3}}, [&](const Owns& x) { return scratch::dropout(x[0], 0.25, learning); },
      [&](const Theirs& x) { return x[0] * mask / 0.75; });
  compare(
      "dropout in an answer", {{2, 3}},
      [&](const Owns& x) { return scratch::dropout(scratch::scale(x[0], 2), 0.25, {}); },
      [&](const Theirs& x) { return 2 * x[0]; });
}

TEST_CASE("Our softmax and losses equal LibTorch's", "[supervised][scratch]") {
  compare(
      "softmax", {{3, 4}}, [](const Owns& x) { return scratch::softmax(x[0]); },
      [](const Theirs& x) { return x[0].softmax(1); });
  compare(
      "log_softmax", {{3, 4}}, [](const Owns& x) { return scratch::log_softmax(x[0]); },
      [](const Theirs& x) { return x[0].log_softmax(1); });
  for (const double smoothing : {0.0, 0.3})
    compare(
        "cross_entropy", {{3, 4}},
        [=](const Owns& x) {
          return scratch::cross_entropy(x[0], {3, -100, 0}, smoothing);
        },
        [=](const Theirs& x) {
          return torch::cross_entropy_loss(x[0], torch::tensor({3, -100, 0}), {}, at::Reduction::Mean, -100,
                                           smoothing);
        });
  compare(
      "squared_error", {{3, 4}, {3, 4}}, [](const Owns& x) { return scratch::squared_error(x[0], x[1]); },
      [](const Theirs& x) { return torch::mse_loss(x[0], x[1]); });
}

// input, hidden and bias of one layer; LibTorch's second bias is 0. GRU and LSTM: backends.cpp.
TEST_CASE("Our plain recurrent layer equals LibTorch's", "[supervised][scratch]") {
  const int64_t V = 4, E = 3, D = 5;
  const std::vector<int64_t> symbols{0, 1, 2, 3, 3, 2, 1, 1};
  compare(
      "rnn", {{V, E}, {D, E}, {D, D}, {D}, {V, D}, {V}},
      [&](const Owns& x) {
        const scratch::Weights<double> weights{{"symbols.weight", x[0]},     {"recurrent.input_1", x[1]},
                                               {"recurrent.hidden_1", x[2]}, {"recurrent.bias_1", x[3]},
                                               {"output.weight", x[4]},      {"output.bias", x[5]}};
        return scratch::Rnn{"rnn", 1}.forward(symbols, 4, weights).outputs;
      },
      [&](const Theirs& x) {
        const Tensor embedded = torch::embedding(x[0], torch::tensor(symbols).view({2, 4}));
        const auto [y, hidden] =
            torch::rnn_tanh(embedded, torch::zeros({1, 2, D}, torch::kFloat64),
                            {x[1], x[2], x[3], torch::zeros_like(x[3])}, true, 1, 0, true, false, true);
        return torch::linear(y.flatten(0, 1), x[4], x[5]);
      });
}

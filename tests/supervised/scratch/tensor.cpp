// Tensor autograd: every operation against central differences, and what graphs cost.
#include "supervised/scratch/tensor.h"

#include <cmath>

#include "supervised/scratch/batch_norm.h"
#include "supervised/scratch/convolution.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/losses.h"
#include "supervised/scratch/matmul.h"
#include "tests/refusal.h"
#include "tests/supervised/scratch/central_differences.h"

namespace tests::tensor {

using namespace supervised::scratch;
using Arrays = std::vector<Array>;

TEST_CASE("arithmetic repeats sides of 1, and adds up their slopes", "[scratch]") {
  const std::vector<Shape> pairs[] = {{{3, 4}, {3, 4}},
                                      {{3, 4}, {4}},
                                      {{3, 4}, {3, 1}},
                                      {{1, 4}, {3, 1}},
                                      {{2, 3, 4}, {3, 1}},
                                      {{2, 3}, {}},
                                      {{2, 3, 2, 2}, {1, 3, 1, 1}}};
  for (const auto& shapes : pairs) {
    check_gradient(
        "+", [](const Arrays& x) { return x[0] + x[1]; }, shapes);
    check_gradient(
        "-", [](const Arrays& x) { return x[0] - x[1]; }, shapes);
    check_gradient(
        "*", [](const Arrays& x) { return x[0] * x[1]; }, shapes);
    check_gradient(
        "/", [](const Arrays& x) { return x[0] / x[1]; }, shapes, 0.5, 2);
  }
  const Array sum = Array({2, 1}, {10, 20}) + Array({3}, {1, 2, 3});
  CHECK(std::vector<double>(sum.values(), sum.values() + 6) == std::vector<double>{11, 12, 13, 21, 22, 23});
}

TEST_CASE("every function of one array has the slope of central differences", "[scratch]") {
  for (const std::string name : {"relu", "tanh", "gelu", "silu", "elu", "leaky_relu", "sigmoid", "identity"})
    check_gradient(
        name, [name](const Arrays& x) { return activate(x[0], name); }, {{5, 3}}, -2, 2);
  check_gradient("exp", [](const Arrays& x) { return exp(x[0]); }, {{5, 3}});
  check_gradient(
      "log", [](const Arrays& x) { return log(x[0]); }, {{5, 3}}, 0.5, 2);
  check_gradient(
      "pow", [](const Arrays& x) { return pow(x[0], -0.5); }, {{5, 3}}, 0.5, 2);
  check_gradient("scale", [](const Arrays& x) { return scale(x[0], 3, 1); }, {{5, 3}});
  check_gradient("square", [](const Arrays& x) { return x[0] * x[0]; }, {{5, 3}});
}

TEST_CASE("sums and means over any sides", "[scratch]") {
  for (const std::vector<size_t>& sides : {std::vector<size_t>{0}, {1}, {2}, {0, 2}, {0, 1, 2}}) {
    check_gradient("sum", [&](const Arrays& x) { return sum(x[0], sides); }, {{2, 3, 4}});
    check_gradient("mean", [&](const Arrays& x) { return mean(x[0], sides); }, {{2, 3, 4}});
  }
  const Array x({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(sum(x).item() == 21);
  CHECK(mean(x).item() == 3.5);
  CHECK(mean(x, {0}).shape() == Shape{1, 3});
  CHECK(mean(x, {0}).values()[1] == 3.5);
}

TEST_CASE("shapes, parts and rows pass their slopes back to where they were", "[scratch]") {
  check_gradient("reshape", [](const Arrays& x) { return reshape(x[0], {2, 6}); }, {{3, 4}});
  check_gradient("transpose", [](const Arrays& x) { return transpose(x[0]); }, {{3, 4}});
  for (const size_t side : {0, 1, 2})
    check_gradient("narrow", [side](const Arrays& x) { return narrow(x[0], side, 1, 2); }, {{3, 4, 3}});
  check_gradient("concatenate", [](const Arrays& x) { return concatenate(x); }, {{2, 3}, {1, 3}, {4, 3}});
  check_gradient("embedding", [](const Arrays& x) { return embedding(x[0], {2, 0, 2, 3}); }, {{4, 3}});
}

TEST_CASE("matrix products of every size of tile", "[scratch]") {
  for (const int64_t M : {1, 5, 6, 13})
    for (const int64_t N : {1, 7, 8, 17}) {
      check_gradient("matmul", [](const Arrays& x) { return matmul(x[0], x[1]); }, {{M, 3}, {3, N}});
      check_gradient("x y^T", [](const Arrays& x) { return matmul_transposed(x[0], x[1]); },
                     {{M, 3}, {N, 3}});
    }
  check_gradient("many", [](const Arrays& x) { return matmul(x[0], x[1]); }, {{4, 3}, {2, 3, 5}});
}

// Deeper than what is packed at a time.
TEST_CASE("a matrix product is the sum of its definition, in float and double", "[scratch]") {
  const auto compare = [](auto zero, double margin) {
    using T = decltype(zero);
    const int64_t M = 11, N = 37, K = 517;
    std::vector<T> x, y;
    for (const double value : drawn({M, K}, 1)) x.push_back(T(value));
    for (const double value : drawn({K, N}, 2)) y.push_back(T(value));
    const Tensor<T> product = matmul(Tensor<T>({M, K}, x), Tensor<T>({K, N}, y));
    for (int64_t m = 0; m < M; ++m)
      for (int64_t n = 0; n < N; ++n) {
        double sum = 0;
        for (int64_t k = 0; k < K; ++k) sum += double(x[size_t(m * K + k)]) * double(y[size_t(k * N + n)]);
        CHECK(product.values()[m * N + n] == Approx(sum).margin(margin));
      }
  };
  compare(0.0F, 1e-4);
  compare(0.0, 1e-12);
}

TEST_CASE("a convolution has as many places as the formula says", "[scratch]") {
  const auto side = [](int64_t input, int64_t kernel, int64_t stride, int64_t padding) {
    const Array y = conv2d(Array({1, 1, input, input}, drawn({input, input}, 1)),
                           Array({1, 1, kernel, kernel}, drawn({kernel, kernel}, 2)), stride, padding);
    CHECK(y.size(2) == y.size(3));
    return y.size(2);
  };
  CHECK(side(28, 3, 1, 0) == 26);
  CHECK(side(28, 3, 1, 1) == 28);
  CHECK(side(28, 5, 2, 2) == 14);
  CHECK(side(28, 3, 2, 0) == 13);
  CHECK(side(7, 7, 1, 0) == 1);
  CHECK(side(5, 2, 3, 0) == 2);
  CHECK(refusal([&] { side(3, 5, 1, 0); }).find("a kernel of 5 x 5 does not fit") != std::string::npos);
}

TEST_CASE("a convolution is the sum of its definition", "[scratch]") {
  const Array picture({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), kernel({1, 1, 2, 2}, {1, 0, 0, 10});
  const Array y = conv2d(picture, kernel, 1, 0);
  CHECK(std::vector<double>(y.values(), y.values() + 4) == std::vector<double>{51, 62, 84, 95});
}

TEST_CASE("unfold, convolution and pooling for any kernel, stride and padding", "[scratch]") {
  for (const int64_t stride : {1, 2, 3})
    for (const int64_t padding : {0, 1, 2})
      for (const Shape& kernel : {Shape{3, 2, 3, 3}, {2, 2, 1, 1}, {1, 2, 2, 4}})
        check_gradient("conv2d", [=](const Arrays& x) { return conv2d(x[0], x[1], stride, padding); },
                       {{2, 2, 5, 4}, kernel});
  check_gradient("unfold",
                 [](const Arrays& x) {
                   return unfold(x[0], {2, 4, 3, 2, 2, 1, 1});
                 },
                 {{2, 2, 4, 3}});
  for (const int64_t side : {1, 2, 3})
    check_gradient("max_pool", [side](const Arrays& x) { return max_pool(x[0], side); }, {{2, 3, 5, 6}});
}

TEST_CASE("batch norm: mean 0, variance 1, the slope of central differences, running means", "[scratch]") {
  const auto norm = [](const Arrays& x) {
    return ChannelNorm<double>{x[1], x[2], Array({3}, {0.1, 0.2, 0.3}), Array({3}, {1, 2, 3})};
  };
  for (const bool learning : {true, false})
    for (const Shape& shape : {Shape{4, 3, 2, 2}, {5, 3}})
      check_gradient("batch_norm", [&](const Arrays& x) { return batch_norm(x[0], norm(x), learning); },
                     {shape, {3}, {3}});
  const Array x({2, 1}, {1, 3}), one({1}, {1}), zero({1}, {0});
  const ChannelNorm<double> plain{one, zero, Array({1}, {0}), Array({1}, {1})};
  const Array y = batch_norm(x, plain, true);
  CHECK(y.values()[0] == Approx(-1).epsilon(1e-4));
  CHECK(plain.mean.values()[0] == Approx(0.2));            // a tenth of 2
  CHECK(plain.variance.values()[0] == Approx(0.9 + 0.2));  // a tenth of the variance without bias, 2
}

TEST_CASE("softmax and losses", "[scratch]") {
  check_gradient("softmax", [](const Arrays& x) { return softmax(x[0]); }, {{3, 4}});
  check_gradient("log_softmax", [](const Arrays& x) { return log_softmax(x[0]); }, {{3, 4}});
  for (const double smoothing : {0.0, 0.2})
    check_gradient("cross_entropy",
                   [=](const Arrays& x) {
                     return cross_entropy(x[0], {3, -100, 0}, smoothing);
                   },
                   {{3, 4}});
  check_gradient("squared_error", [](const Arrays& x) { return squared_error(x[0], x[1]); },
                 {{3, 4}, {3, 4}});
  CHECK(cross_entropy(Array({2, 10}, std::vector<double>(20)), {1, 7}).item() == Approx(std::log(10)));
  CHECK(cross_entropy(Array({1, 2}, {1000, -1000}), {0}).item() == 0);  // nothing overflows
}

TEST_CASE("a leaf adds up what several results say of it, and twice what is gone back twice", "[scratch]") {
  const Array x = Array::leaf({2}, {1, 2}), y = sum(x * x);
  CHECK(y.backward() > 3);
  CHECK((x.gradient()[0] == 2 && x.gradient()[1] == 4));
  y.backward();
  CHECK((x.gradient()[0] == 4 && x.gradient()[1] == 8));
  double values[] = {3}, slopes[] = {100};
  sum(Array::borrowed({1}, values, slopes) * Array({1}, {7})).backward();
  CHECK(slopes[0] == 107);
}

TEST_CASE("shared and deep graphs of arrays are visited once", "[scratch]") {
  const Array x = Array::leaf({}, {1});
  Array shared = x, deep = x;
  for (int i = 0; i < 60; ++i) shared = shared + shared;
  CHECK(shared.backward() == 61);
  CHECK(x.gradient()[0] == std::pow(2, 60));
  for (int i = 0; i < 200000; ++i) deep = deep + x;
  CHECK(deep.backward() == 200001);
}

TEST_CASE("without a leaf that wants its gradient nothing is noted", "[scratch]") {
  const Array y = exp(Array({2}, {1, 2}) * Array({2}, {3, 4}));
  CHECK(y.node()->inputs.empty());
  CHECK_FALSE(y.wants_gradient());
}

TEST_CASE("arrays that do not fit together are refused by their shapes", "[scratch]") {
  const Array x({2, 3}, drawn({2, 3}, 1)), y({4}, drawn({4}, 2));
  CHECK(refusal([&] { x + y; }) == "+: shapes [2, 3] and [4] do not fit together");
  CHECK(refusal([&] { matmul(x, x); }) == "matmul: [2, 3] and [2, 3] do not fit together");
  CHECK(refusal([&] { reshape(x, {4}); }).find("[4] has not as many numbers as [2, 3]") != std::string::npos);
  CHECK(refusal([&] { cross_entropy(x, {0, 3}); }) == "cross_entropy: class 3, expected 0 .. 2");
  CHECK(refusal([&] { embedding(x, {2}); }) == "embedding: symbol 2, expected 0 .. 1");
  CHECK(refusal([&] { x.backward(); }).find("starts from one number") != std::string::npos);
  CHECK(refusal([&] { Array({2}, {1, 2, 3}); }) == "a tensor [2] has 2 values, found 3");
}

}  // namespace tests::tensor

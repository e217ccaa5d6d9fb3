// Native networks against their twin in LibTorch's operations, and every kernel against a naive loop.
#include "core/error.h"
#include "tests/catch.h"
#include "training/nets/init.h"
#include "training/nets/kernels.h"
#include "training/nets/native_mlp.h"

#include <cmath>

using namespace training;

namespace {

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

torch::Tensor random_rows(int64_t B, int64_t I) { return torch::randn({B, I}); }

// C += A B of random numbers, either way up, against the sum over k of outer products.
void compare_product(int64_t M, int64_t N, int64_t K) {
  const torch::Tensor a = torch::randn({M, K}), b = torch::randn({K, N}), start = torch::randn({M, N});
  torch::Tensor c = start.clone(), again = start.clone();
  const torch::Tensor turned = a.t().contiguous();
  kernels::multiply_add({M, N, K, a.data_ptr<float>(), K, 1, b.data_ptr<float>(), c.data_ptr<float>()});
  kernels::multiply_add(
      {M, N, K, turned.data_ptr<float>(), 1, M, b.data_ptr<float>(), again.data_ptr<float>()});
  torch::Tensor naive = start.to(torch::kFloat64);
  for (int64_t k = 0; k < K; ++k) naive += a.select(1, k).unsqueeze(1) * b[k].unsqueeze(0);
  INFO("M " << M << ", N " << N << ", K " << K);
  CHECK(largest_difference(c, naive) < 2e-5 * std::max(1.0, double(K) / 70));
  CHECK(torch::equal(c, again));
}

}  // namespace

TEST_CASE("the matrix product equals a naive loop for every remainder, either way up", "[training][nets]") {
  torch::manual_seed(1);
  const auto compare = [](const std::vector<int64_t>& rows, const std::vector<int64_t>& columns,
                          const std::vector<int64_t>& depths) {
    for (const int64_t M : rows)
      for (const int64_t N : columns)
        for (const int64_t K : depths) compare_product(M, N, K);
  };
  compare({1, 2, 3, 6, 7, 13}, {1, 2, 7, 8, 9, 16, 19, 40, 107}, {1, 4, 64, 70});
  compare({24, 29}, {128, 143, 211}, {32, 127, 128, 300});  // packed
}

// One row after another, alone, and in every batch of 1 .. 70.
template <class F>
static bool same_bits_in_any_batch(const torch::Tensor& x, F&& forward) {
  std::vector<torch::Tensor> alone;
  for (int64_t i = 0; i < x.size(0); ++i) alone.push_back(forward(x.narrow(0, i, 1)).clone());
  const torch::Tensor rows = torch::cat(alone);
  for (int64_t B = 1; B <= x.size(0); ++B)
    if (!torch::equal(forward(x.narrow(0, 0, B)), rows.narrow(0, 0, B))) return false;
  return true;
}

TEST_CASE("a row of a native net has the same bits in any batch", "[training][nets]") {
  torch::manual_seed(6);
  const torch::NoGradGuard no_grad;
  const std::vector<std::vector<int64_t>> shapes{{}, {20}, {64, 64}, {120, 84}, {13, 7}};
  for (const std::string activation : {"tanh", "relu", "sigmoid", "leaky_relu", "gelu"})
    for (const auto& hidden : shapes)
      for (const int64_t outputs : {1, 2, 3, 4, 6, 7, 8, 17}) {
        NativeMlp net("net", 5, outputs, MlpOptions{.hidden = hidden, .activation = activation});
        INFO(activation << ", " << hidden.size() << " hidden layers, " << outputs << " outputs");
        CHECK(same_bits_in_any_batch(random_rows(70, 5), [&](const auto& x) { return net->forward(x); }));
        CHECK(same_bits_in_any_batch(torch::randint(5, {70}, torch::kInt64),
                                     [&](const auto& x) { return net->forward(x); }));
      }
}

TEST_CASE("a row of a product has the same bits among any others, for every width and depth",
          "[training][nets]") {
  torch::manual_seed(7);
  std::vector<int64_t> widths{128, 143, 211};  // packed from 24 rows on
  for (int64_t N = 1; N <= 24; ++N) widths.push_back(N);
  for (const int64_t N : widths)
    for (const int64_t K : {1, 3, 4, 63, 64, 65, 130, 200}) {
      const torch::Tensor a = torch::randn({70, K}), b = torch::randn({K, N}), start = torch::randn({70, N});
      const auto product = [&](const torch::Tensor& rows) {
        torch::Tensor c = start.narrow(0, rows.storage_offset() / K, rows.size(0)).clone();
        kernels::multiply_add(
            {rows.size(0), N, K, rows.data_ptr<float>(), K, 1, b.data_ptr<float>(), c.data_ptr<float>()});
        return c;
      };
      INFO("N " << N << ", K " << K);
      CHECK(same_bits_in_any_batch(a, product));
    }
}

TEST_CASE("native activations stand within 2e-7 of the exact functions", "[training][nets]") {
  const torch::Tensor x = torch::linspace(-30, 30, 100001);
  for (const std::string name : {"identity", "leaky_relu", "relu", "sigmoid", "tanh"}) {
    torch::Tensor y = x.clone(), slope = torch::ones_like(x);
    const auto function = kernels::activation(name);
    REQUIRE(function.has_value());
    kernels::activate(*function, y.data_ptr<float>(), y.numel());
    kernels::multiply_by_slope(*function, y.data_ptr<float>(), slope.data_ptr<float>(), y.numel());
    const torch::Tensor exact = x.to(torch::kFloat64).requires_grad_();
    const torch::Tensor value = activate(exact, name);
    value.sum().backward();
    INFO(name);
    CHECK(largest_difference(y, value.detach()) < 2e-7 * 30);
    CHECK(largest_difference(y.clamp(-1, 1), value.detach().clamp(-1, 1)) < 2e-7);
    CHECK(largest_difference(slope, exact.grad()) < 5e-7);
  }
  CHECK_FALSE(kernels::activation("gelu").has_value());
}

TEST_CASE("outputs and gradients of a native net equal those of its twin to 1e-6", "[training][nets]") {
  torch::manual_seed(2);
  for (const std::string activation : {"tanh", "relu", "sigmoid", "leaky_relu", "gelu"})
    for (const int64_t B : {1, 4, 129}) {
      NativeMlp net("net", 4, 3,
                    MlpOptions{.hidden = {64, 20}, .activation = activation, .init = "orthogonal"});
      const torch::Tensor x = random_rows(B, 4), d = torch::randn({B, 3}) / static_cast<double>(B);
      const torch::Tensor y = net->forward(x).clone();
      net->backward(d);
      std::vector<torch::Tensor> native;
      for (auto& p : net->parameters()) {
        native.push_back(p.grad().clone());
        p.mutable_grad().zero_();
      }
      const torch::Tensor twin = net->twin(x);
      INFO(activation << ", batch " << B);
      CHECK(largest_difference(y, twin.detach()) < 2e-6);
      twin.backward(d);
      const auto parameters = net->parameters();
      for (size_t i = 0; i < parameters.size(); ++i)
        CHECK(largest_difference(native[i], parameters[i].grad()) <=
              1e-6 * (1 + native[i].abs().max().item<double>()));
    }
}

TEST_CASE("a native net as one operation of autograd has the gradients of its twin to 1e-6",
          "[training][nets]") {
  torch::manual_seed(5);
  NativeMlp net("net", 4, 3, MlpOptions{.hidden = {64, 20}, .activation = "tanh"});
  const torch::Tensor rows = random_rows(129, 4), weights = torch::randn({129, 3}) / 129.0;
  // A loss that is not linear in the outputs, on inputs that were computed themselves.
  const auto gradients = [&](const auto& function) {
    const torch::Tensor x = rows.clone().requires_grad_();
    std::vector<torch::Tensor> wanted{x};
    for (const auto& p : net->parameters()) wanted.push_back(p);
    return torch::autograd::grad({(weights * function(x.sin()).exp()).sum()}, wanted);
  };
  const auto native = gradients([&](const torch::Tensor& x) { return net->differentiable(x); });
  const auto twin = gradients([&](const torch::Tensor& x) { return net->twin(x); });
  REQUIRE(native.size() == 7);
  for (size_t i = 0; i < native.size(); ++i) {
    CHECK(native[i].abs().max().item<double>() > 1e-4);
    CHECK(largest_difference(native[i], twin[i]) <= 1e-6 * (1 + twin[i].abs().max().item<double>()));
  }
}

TEST_CASE("a native net tells the slope along its inputs alone", "[training][nets]") {
  torch::manual_seed(8);
  for (const std::string activation : {"relu", "gelu"}) {  // by the kernels, by the twin
    NativeMlp net("net", 4, 3, MlpOptions{.hidden = {64, 20}, .activation = activation});
    const torch::Tensor x = random_rows(30, 4), d = torch::randn({30, 3});
    net->forward(x);
    const torch::Tensor slope = net->input_gradient(d), twin = x.clone().requires_grad_();
    for (const auto& p : net->parameters()) CHECK_FALSE(p.grad().defined());
    net->twin(twin).backward(d);
    INFO(activation);
    CHECK(twin.grad().abs().max().item<double>() > 1e-2);
    CHECK(largest_difference(slope, twin.grad()) < 1e-6);
  }
}

// u^T (J v) = (J^T u)^T v, whatever u and v.
TEST_CASE("a native net's outputs move as its slope says", "[training][nets]") {
  torch::manual_seed(9);
  for (const std::string activation : {"tanh", "relu", "sigmoid", "leaky_relu", "identity", "gelu"})
    for (const torch::Tensor& x : {random_rows(30, 5), torch::randint(5, {30}, torch::kInt64)})
      for (const std::vector<int64_t>& hidden : {std::vector<int64_t>{}, {20, 7}}) {
        NativeMlp net("net", 5, 3, MlpOptions{.hidden = hidden, .activation = activation});
        std::vector<torch::Tensor> direction;
        for (const auto& p : net->parameters()) direction.push_back(torch::randn_like(p));
        const torch::Tensor weights = torch::randn({30, 3});
        const double along = (weights * net->tangent(x, direction)).sum().item<double>();
        net->backward(weights);
        double expected = 0;
        for (size_t i = 0; i < direction.size(); ++i)
          expected += (net->parameters()[i].grad() * direction[i]).sum().item<double>();
        INFO(activation << ", " << hidden.size() << " hidden layers");
        CHECK(std::abs(along) > 0.1);
        CHECK(along == Approx(expected).epsilon(1e-4));
      }
}

TEST_CASE("a native net that is asked anew cannot be differentiated at the old place", "[training][nets]") {
  NativeMlp net("net", 2, 1, MlpOptions{.hidden = {4}});
  const torch::Tensor first = net->differentiable(random_rows(3, 2));
  net->differentiable(random_rows(3, 2));
  CHECK_THROWS_AS(first.sum().backward(), core::Error);
}

TEST_CASE("indices enter a native net as the one-hot rows that they stand for", "[training][nets]") {
  torch::manual_seed(3);
  NativeMlp net("net", 16, 4, MlpOptions{.hidden = {8}, .activation = "tanh"});
  const torch::Tensor indices = torch::randint(16, {32}, torch::kInt64);
  const torch::Tensor rows = torch::one_hot(indices, 16).to(torch::kFloat32), d = torch::randn({32, 4});
  const torch::Tensor by_index = net->forward(indices).clone();
  net->backward(d);
  const torch::Tensor first = net->parameters()[0].grad().clone();
  for (auto& p : net->parameters()) p.mutable_grad().zero_();
  const torch::Tensor by_row = net->forward(rows);
  CHECK(largest_difference(by_index, by_row) < 1e-6);
  net->backward(d);
  CHECK(largest_difference(first, net->parameters()[0].grad()) < 1e-5);
}

TEST_CASE("backward adds, and a foreign gradient tensor is taken over", "[training][nets]") {
  NativeMlp net("net", 2, 1, MlpOptions{.hidden = {}});
  const torch::Tensor x = torch::tensor({{1.0f, 2.0f}}), d = torch::ones({1, 1});
  net->parameters()[0].mutable_grad() = torch::full({1, 2}, 10.0f);
  net->forward(x);
  net->backward(d);
  net->backward(d);
  CHECK(torch::equal(net->parameters()[0].grad(), torch::tensor({{12.0f, 14.0f}})));
  CHECK(net->parameters()[1].grad().item<float>() == 2.0f);
}

TEST_CASE("a target net follows by tau", "[training][nets]") {
  torch::manual_seed(4);
  const MlpOptions options{.hidden = {8}, .activation = "relu"};
  NativeMlp online("online", 3, 2, options), target("target", 3, 2, options);
  const torch::Tensor before = target->parameters()[0].detach().clone();
  target->soft_update(*online, 0.25);
  CHECK(largest_difference(target->parameters()[0], 0.75 * before + 0.25 * online->parameters()[0]) < 1e-6);
  target->soft_update(*online, 1);
  const torch::Tensor x = random_rows(5, 3);
  CHECK(torch::equal(online->forward(x).clone(), target->forward(x)));
}

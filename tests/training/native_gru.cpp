// The native gated recurrent unit against LibTorch's, forward and backward.
#include "training/nets/native_gru.h"

#include "tests/catch.h"
#include "training/nets/recurrent.h"

using torch::Tensor;

namespace {

// By LibTorch's layer, row by row, so that anything may begin anywhere.
Tensor twin(training::Recurrent& layer, const Tensor& x, const Tensor& starts, Tensor memory) {
  std::vector<Tensor> rows;
  for (int64_t t = 0; t < x.size(1); ++t) {
    memory = memory * (starts.select(1, t) == 0).to(torch::kFloat32).unsqueeze(1);
    training::RecurrentState state{memory.unsqueeze(0)};
    rows.push_back(layer->forward(x.narrow(1, t, 1), state));
    memory = state[0][0];
  }
  return torch::cat(rows, 1);
}

}  // namespace

TEST_CASE("the native GRU equals LibTorch's, and so do its slopes", "[training][nets]") {
  torch::manual_seed(1);
  const int64_t S = 5, L = 11, F = 3, D = 7;
  training::Recurrent layer(F, training::RecurrentOptions{.cell = "gru", .layers = 1, .width = D});
  const auto weights = layer->parameters();
  weights[2].data().normal_();
  const Tensor starts = (torch::rand({S, L}) < 0.2).to(torch::kUInt8), d = torch::randn({S, L, D});
  REQUIRE(starts.sum().item<int64_t>() > 3);
  const auto slopes = [&](auto&& function) {
    Tensor x = torch::linspace(-2, 2, S * L * F).view({S, L, F}).clone().requires_grad_();
    Tensor first = torch::linspace(-1, 1, S * D).view({S, D}).clone().requires_grad_();
    for (const Tensor& weight : weights) weight.mutable_grad() = Tensor();
    const Tensor y = function(x, first);
    (y * d).sum().backward();
    std::vector<Tensor> all{y.detach(), x.grad(), first.grad()};
    for (const Tensor& weight : weights) all.push_back(weight.grad().clone());
    return all;
  };
  const auto native = slopes([&](const Tensor& x, const Tensor& first) {
    return training::gru(x, starts, first, {weights[0], weights[1], weights[2]});
  });
  const auto torchs =
      slopes([&](const Tensor& x, const Tensor& first) { return twin(layer, x, starts, first); });
  for (size_t k = 0; k < native.size(); ++k) {
    INFO(k);
    CHECK(torch::allclose(native[k], torchs[k], 1e-4, 1e-5));
  }
}

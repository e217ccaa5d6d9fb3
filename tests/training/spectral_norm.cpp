// Spectral normalisation: power iteration against the singular values, and what a net does with it.
#include "training/nets/spectral_norm.h"

#include "tests/catch.h"
#include "training/nets/conv_stack.h"

using torch::Tensor;
using training::SpectralNorm;

namespace {

// Of each weight of `net` [out, ...], in order, the largest singular value by LAPACK.
std::vector<double> largest_singular_values(const torch::nn::Module& net) {
  std::vector<double> all;
  for (const Tensor& p : net.parameters())
    if (p.dim() > 1)
      all.push_back(
          torch::linalg_svdvals(p.detach().flatten(1).to(torch::kFloat64), {}).max().item<double>());
  return all;
}

training::ConvStack small_net() {
  return training::ConvStack(
      "net", training::ConvStackImpl::Shape{2, 8, 8}, 1,
      training::ConvStackOptions{.channels = {6}, .batch_norm = false, .fc = {.hidden = {20}}});
}

}  // namespace

TEST_CASE("Power iteration finds the largest singular value of every layer", "[training][nets][spectral]") {
  for (const int seed : {0, 1, 2}) {
    INFO("seed " << seed);
    torch::manual_seed(seed);
    training::ConvStack net = small_net();
    SpectralNorm norm(*net);
    for (int i = 0; i < 300; ++i) norm->apply_to_net();
    const auto exact = largest_singular_values(*net);
    REQUIRE(norm->norms().size() == exact.size());
    for (size_t i = 0; i < exact.size(); ++i)
      CHECK(norm->norms()[i].item<double>() == Approx(exact[i]).epsilon(1e-4));
  }
}

TEST_CASE("A net divides its weights by their norms and leaves those that are learned",
          "[training][nets][spectral]") {
  torch::manual_seed(3);
  training::ConvStack net = small_net();
  std::vector<Tensor> before;
  for (const Tensor& p : net->parameters()) before.push_back(p.detach().clone());
  const Tensor x = torch::randn({4, 2, 8, 8});
  SpectralNorm norm(*net);
  norm->eval();
  norm->apply_to_net();
  const Tensor found = net->forward(x).detach();
  const auto norms = norm->norms();
  for (size_t i = 0; i < before.size(); ++i) CHECK(torch::equal(net->parameters()[i], before[i]));
  // Without it, by hand: weights stand before their biases, a layer each.
  training::ConvStack by_hand = small_net();
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < before.size(); ++i)
    by_hand->parameters()[i].copy_(i % 2 == 0 ? before[i] / norms[i / 2] : before[i]);
  CHECK(torch::allclose(found, by_hand->forward(x), 1e-5, 1e-6));
}

// Of W / sigma(W) along W nothing changes: Miyato et al. (2018), equation 12.
TEST_CASE("The learned weights' gradient is that of the divided ones", "[training][nets][spectral]") {
  torch::manual_seed(5);
  torch::nn::Linear layer(4, 3);
  layer->to(torch::kFloat64);
  const Tensor W = layer->weight, x = torch::randn({5, 4}, torch::kFloat64);
  SpectralNorm norm(*layer);
  norm->to(torch::kFloat64);
  for (int i = 0; i < 500; ++i) norm->apply_to_net();
  norm->eval();
  const auto loss = [&] {
    norm->apply_to_net();
    return layer->forward(x).square().sum();
  };
  const Tensor slope = torch::autograd::grad({loss()}, {W})[0];
  CHECK(slope.abs().max().item<double>() > 0.1);
  CHECK((slope * W).sum().item<double>() == Approx(0).margin(1e-10));
  double* number = W.data_ptr<double>();
  const torch::NoGradGuard no_grad;
  for (int64_t i = 0; i < W.numel(); ++i) {
    constexpr double step = 1e-6;
    number[i] += step;
    const double above = loss().item<double>();
    number[i] -= 2 * step;
    const double below = loss().item<double>();
    number[i] += step;
    CHECK(slope.flatten()[i].item<double>() == Approx((above - below) / (2 * step)).margin(1e-5));
  }
}

TEST_CASE("Evaluation leaves the directions where learning has them, weights of zero stay zero",
          "[training][nets][spectral]") {
  torch::nn::Linear layer(3, 2);
  SpectralNorm norm(*layer);
  const Tensor direction = norm->named_buffers()["direction_1"];
  {
    const torch::NoGradGuard no_grad;
    layer->named_parameters()["weight"].copy_(torch::randn({2, 3}));
  }
  const Tensor before = direction.clone();
  norm->eval();
  norm->apply_to_net();
  CHECK(torch::equal(direction, before));
  norm->train();
  norm->apply_to_net();
  CHECK_FALSE(torch::equal(direction, before));
  {
    const torch::NoGradGuard no_grad;
    layer->named_parameters()["weight"].zero_();
  }
  norm->apply_to_net();
  CHECK(layer->weight.abs().max().item<double>() == 0);
}

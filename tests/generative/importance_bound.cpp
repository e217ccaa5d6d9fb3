// Importance weights: what their mean estimates, how tight the bound by several is, and what units they use.
#include "generative/autoencoders/importance_bound.h"

#include <cmath>

#include "generative/autoencoders/vae.h"
#include "tests/catch.h"
#include "training/compat.h"
#include "training/loop/registry.h"

using torch::Tensor;

TEST_CASE("Importance sampling finds the integral 5 of a Gaussian bump", "[generative][iwae]") {
  const training::Normal proposal(torch::full({1'000'000, 1}, 0.5), torch::tensor(std::log(1.5)));
  const Tensor x = proposal.sample(training::make_generator(1));
  const Tensor log_bump = std::log(5.0) + training::Normal::standard(x).log_prob(x);
  const Tensor estimate = generative::log_mean_exp(log_bump - proposal.log_prob(x)).exp();
  CHECK(estimate.item<double>() == Approx(5).margin(0.02));  // a standard error of 0.004
}

TEST_CASE("Weights drawn in blocks give the bound of all at once", "[generative][iwae]") {
  torch::manual_seed(2);
  const Tensor log_weights = 30 * torch::randn({103, 8});
  for (const int64_t block : {1, 10, 103, 500}) {
    INFO("blocks of " << block);
    int64_t drawn = 0, largest = 0;
    const Tensor bound = generative::importance_bound(103, block, [&](int64_t n) {
      largest = std::max(largest, n);
      return log_weights.narrow(0, std::exchange(drawn, drawn + n), n);
    });
    CHECK(drawn == 103);
    CHECK(largest <= block);
    CHECK(torch::allclose(bound, generative::log_mean_exp(log_weights), 1e-5, 1e-4));
  }
}

TEST_CASE("A unit is active whose mean varies over the rows", "[generative][iwae]") {
  const Tensor means = torch::tensor({{1.0, 5.0, 0.0}, {-1.0, 5.1, 0.3}, {0.0, 5.0, -0.3}});
  CHECK(generative::active_units(means) == 2);
}

// Linear layers and Gaussians alone, so that ln p(x) is known: N(b, W W' + I) by the decoder's W and b. The
// weights are as they begin, q(z|x) far from the posterior.
struct LinearVae {
  LinearVae() : vae(options()) {
    torch::manual_seed(6);
    training::Build build(registry, 0, torch::kCPU);
    vae.build(build);
  }

  static generative::Vae::Options options() {
    generative::Vae::Options options;
    options.vae.latent = 2;
    options.vae.likelihood.likelihood = "gaussian";
    options.net.fc.hidden = {};
    options.data.name = "ring";
    options.data.factory = training::data::all().at("ring").factory();
    return options;
  }

  Tensor weight(const std::string& wanted) const {
    for (const auto& [name, tensor] : registry.tensors())
      if (name == wanted) return tensor.detach().to(torch::kFloat64);
    FAIL("no weight named " << wanted);
    return {};
  }

  Tensor log_evidence(const Tensor& x) const {  // [B, 2] -> [B]
    const Tensor W = weight("decoder/fc.output.weight"), b = weight("decoder/fc.output.bias");
    const Tensor covariance = W.mm(W.t()) + torch::eye(2, torch::kFloat64), beside = x - b;
    const Tensor distance = (beside.mm(covariance.inverse()) * beside).sum(1);
    return -0.5 * (distance + covariance.det().log()) - std::log(2 * M_PI);
  }

  training::Registry registry;
  generative::Vae vae;
};

TEST_CASE("The bound rises with the importance weights, from the ELBO to the exact ln p(x)",
          "[generative][iwae]") {
  const torch::NoGradGuard no_grad;
  LinearVae model;
  torch::manual_seed(7);
  const Tensor x = torch::randn({400, 2});
  const auto noise = training::make_generator(8);
  const auto bound = [&](int64_t K) {
    const auto draw = [&](int64_t n) { return model.vae.log_weights(x, n, noise); };
    return generative::importance_bound(K, 100, draw).mean().item<double>();
  };
  const auto elbo = model.vae.elbo(x, noise);
  const double of_elbo = -(elbo.reconstruction + elbo.kl).mean().item<double>();
  const double exact = model.log_evidence(x.to(torch::kFloat64)).mean().item<double>();
  CHECK(bound(1) == Approx(of_elbo).margin(0.3));
  double below = of_elbo;
  for (const int64_t K : {5, 50, 500}) {
    INFO("K = " << K);
    const double tighter = bound(K);
    CHECK(tighter > below);
    CHECK(tighter < exact + 0.02);
    below = tighter;
  }
  CHECK(bound(5000) == Approx(exact).margin(0.02));
}

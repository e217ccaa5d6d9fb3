// What a VAE's bound can be made of beside the plain one: priors, free bits, warm-up, likelihoods of greys.
#include <cmath>

#include "generative/all.h"
#include "generative/autoencoders/pixels.h"
#include "generative/autoencoders/vae.h"
#include "generative/autoencoders/vamp_prior.h"
#include "tests/catch.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/loop/gallery.h"

using generative::all;
using torch::Tensor;

static double value(const Tensor& x) { return x.item<double>(); }

TEST_CASE("A continuous Bernoulli is a density on 0..1 with the mean that it says", "[generative][pixels]") {
  constexpr int64_t points = 200000;
  const Tensor x = (torch::arange(points, torch::kFloat64) + 0.5) / double(points);
  for (const double logit : {-20.0, -3.0, -0.06, -0.04, 0.0, 1e-9, 0.049, 0.051, 2.0, 15.0}) {
    INFO(logit);
    const generative::ContinuousBernoulli pixel(torch::full({}, logit, torch::kFloat64));
    const Tensor p = pixel.log_prob(x).exp();
    CHECK(value(p.mean()) == Approx(1).margin(1e-6));
    CHECK(value((p * x).mean()) == Approx(value(pixel.mean())).margin(1e-6));
  }
}

TEST_CASE("A continuous Bernoulli has a slope everywhere, its finite difference", "[generative][pixels]") {
  for (const double logit : {-5.0, -0.0501, 0.0, 0.03, 0.3}) {
    INFO(logit);
    const Tensor l = torch::full({}, logit, torch::kFloat64).requires_grad_();
    const Tensor x = torch::full({}, 0.3, torch::kFloat64);
    const Tensor slope = torch::autograd::grad({generative::ContinuousBernoulli(l).log_prob(x)}, {l})[0];
    const auto at = [&](double other) {
      return value(generative::ContinuousBernoulli(torch::full({}, other, torch::kFloat64)).log_prob(x));
    };
    CHECK(value(slope) == Approx((at(logit + 1e-5) - at(logit - 1e-5)) / 2e-5).margin(1e-6));
  }
}

TEST_CASE("A discretised logistic's chances of all 256 values add up to one, wherever it lies",
          "[generative][pixels]") {
  const Tensor values = torch::arange(256, torch::kFloat64) / 255;
  for (const double mean : {-0.2, 0.0, 0.3, 1.0})
    for (const double log_scale : {-7.0, -2.0, 1.0}) {
      INFO(mean << " " << log_scale);
      const generative::DiscretisedLogistic pixel(torch::full({}, mean, torch::kFloat64),
                                                  torch::full({}, log_scale, torch::kFloat64));
      const Tensor p = pixel.log_prob(values);
      CHECK(p.isfinite().all().item<bool>());
      CHECK(value(p.exp().sum()) == Approx(1).margin(1e-9));
      if (mean == 0.3 && log_scale < -5) CHECK(std::abs(double(p.argmax().item<int64_t>()) - 0.3 * 255) < 1);
    }
}

TEST_CASE("A VampPrior is a density, which its draws follow", "[generative][vamp]") {
  torch::manual_seed(3);
  const training::Normal q(2 * torch::randn({5, 2}), 0.3 * torch::randn({5, 2}));
  constexpr int64_t side = 300;
  constexpr double width = 24;
  const Tensor grid = training::grid_points({-width / 2, -width / 2, width, width}, side);
  const Tensor p = generative::log_mean_of(q, grid).exp() * std::pow(width / side, 2);
  CHECK(value(p.sum()) == Approx(1).margin(1e-3));
  const Tensor drawn = generative::draw_of(q, torch::randn({40000, 2}), training::make_generator(1));
  CHECK(torch::allclose(drawn.mean(0), q.mean.mean(0), 0, 0.05));
  CHECK(torch::allclose(drawn.mean(0), (grid * p.unsqueeze(1)).sum(0), 0, 0.05));
  CHECK(generative::log_mean_of(q, torch::zeros({3, 4, 2})).sizes() == torch::IntArrayRef({3, 4}));
  const Tensor one =
      generative::log_mean_of({torch::zeros({1, 2}), torch::zeros({1, 2})}, torch::ones({1, 2}));
  CHECK(value(one) == Approx(-std::log(2 * M_PI) - 1).margin(1e-5));
}

TEST_CASE("Each dimension's KL costs at least its free bits", "[generative]") {
  generative::Vae::Options options;
  options.vae.free_bits = 0.5;
  const generative::Vae vae(options);
  generative::Vae::Elbo bound;
  bound.kl_of_each = torch::tensor({{0.1, 2.0}, {0.3, 4.0}}).requires_grad_();
  bound.kl = bound.kl_of_each.sum(1);
  const Tensor cost = vae.learned_kl(bound);
  CHECK(value(cost) == Approx(0.5 + 3));
  const Tensor slope = torch::autograd::grad({cost}, {bound.kl_of_each})[0];
  CHECK(slope.equal(torch::tensor({{0.0, 0.5}, {0.0, 0.5}})));
  options.vae.free_bits = 0;
  CHECK(value(generative::Vae(options).learned_kl(bound)) == Approx(3.2));
}

// The bound of each learner falls, stays above the rows' entropy, and its samples have the pictures' shape.
TEST_CASE("A VAE learns by every prior and likelihood", "[generative][vae_terms]") {
  const std::string& yaml = all().at("vae").trial;
  for (const std::vector<std::string>& settings :
       {std::vector<std::string>{"vae.prior=vamp", "vae.vamp_inputs=20"},
        {"vae.likelihood=continuous_bernoulli"},
        {"vae.likelihood=discretised_logistic"},
        {"vae.free_bits=0.2", "vae.warm_up=0.5"}}) {
    INFO(settings[0]);
    auto run = trial::session(yaml, all(), settings);
    const double before = trial::grades(run)["test/neg_elbo"];
    trial::learn(run);
    auto learnt = trial::grades(run);
    CHECK(learnt["test/neg_elbo"] < before - 5);
    CHECK(learnt["test/neg_elbo"] == Approx(learnt["test/reconstruction"] + learnt["test/kl"]));
    const core::Gallery gallery = run.sample(4, 1);
    CHECK(gallery.pictures.at(0).shape == std::vector<int64_t>{4, 8, 8, 1});
  }
}

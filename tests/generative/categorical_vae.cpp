// Draws of categories that gradients pass: their frequencies, the limit of no temperature, and gradients
// beside those of an enumeration; and the model that learns by them.
#include "generative/autoencoders/gumbel.h"

#include <cmath>

#include "generative/all.h"
#include "generative/autoencoders/categorical_vae.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/compat.h"

using generative::all;
using torch::Tensor;

static Tensor uneven_logits() { return torch::tensor({1.0, -0.5, 0.3, 2.0}, torch::kFloat64); }

TEST_CASE("Gumbel draws fall on categories with the frequencies of the softmax", "[generative][gumbel]") {
  const Tensor logits = uneven_logits().expand({200'000, 4});
  for (const double temperature : {0.1, 1.0, 5.0}) {
    INFO("temperature " << temperature);
    const Tensor y = generative::gumbel_softmax(logits, temperature, training::make_generator(1));
    CHECK(torch::allclose(y.sum(1), torch::ones({1}, torch::kFloat64)));
    const Tensor counts = torch::bincount(y.argmax(1), {}, 4).to(torch::kFloat64);
    CHECK(torch::allclose(counts / 200'000, uneven_logits().softmax(0), 0, 0.004));
  }
}

TEST_CASE("Without temperature a relaxed draw is a draw, with much of it the uniform one",
          "[generative][gumbel]") {
  const Tensor logits = uneven_logits().expand({5000, 4});
  const auto relaxed = [&](double temperature) {
    return generative::gumbel_softmax(logits, temperature, training::make_generator(2));
  };
  const Tensor cold = relaxed(1e-3), hot = relaxed(1e3);
  CHECK(cold.amax(1).mean().item<double>() > 0.999);
  CHECK(cold.argmax(1).equal(hot.argmax(1)));  // the same noise
  CHECK(torch::allclose(hot, torch::full({1}, 0.25, torch::kFloat64), 0, 0.01));
}

// d E f(z) / d logits of one variable whose categories cost f, which is enumerable, beside estimates of it.
struct Enumerable {
  Tensor costs = torch::tensor({3.0, -1.0, 0.5, 2.0}, torch::kFloat64);
  Tensor logits = uneven_logits().requires_grad_();

  Tensor exact() const { return torch::autograd::grad({(logits.softmax(0) * costs).sum()}, {logits})[0]; }

  Tensor by_score(int64_t draws, int64_t rows) const {
    const training::Categorical q(logits.expand({draws, rows, 4}));
    const Tensor z = q.sample(training::make_generator(3));
    return torch::autograd::grad({generative::score_function(costs.index({z}), q.log_prob(z))}, {logits})[0];
  }

  Tensor by_gumbel(double temperature, int64_t rows) const {
    const Tensor y =
        generative::gumbel_softmax(logits.expand({rows, 4}), temperature, training::make_generator(4));
    // what depends on a draw alone, not linear in it, so that relaxing it has a bias
    return torch::autograd::grad({(y.square() * costs).sum(1).mean()}, {logits})[0];
  }
};

TEST_CASE("The score function's gradient is the enumerated one, whatever the draws", "[generative][gumbel]") {
  const Enumerable toy;
  for (const int64_t draws : {2, 10})
    CHECK(torch::allclose(toy.by_score(draws, 100'000), toy.exact(), 0, 0.03));
}

TEST_CASE("The bias of the relaxed gradient falls with the temperature", "[generative][gumbel]") {
  const Enumerable toy;
  const auto bias = [&](double temperature) {
    return (toy.by_gumbel(temperature, 200'000) - toy.exact()).abs().max().item<double>();
  };
  const double hot = bias(2), fair = bias(0.5), cold = bias(0.1);
  CHECK(fair < hot);
  CHECK(cold < fair);
  CHECK(cold < 0.1);
}

TEST_CASE("The KL of categories is that of an enumeration", "[generative][gumbel]") {
  generative::CategoricalVae::Options options;
  options.categorical_vae.categories = 4;
  const generative::CategoricalVae vae(options);
  const training::Categorical q(uneven_logits().expand({1, 3, 4}));
  const Tensor p = uneven_logits().softmax(0);
  const double of_one = (p * (p * 4).log()).sum().item<double>();
  CHECK(vae.kl_to_uniform(q).item<double>() == Approx(3 * of_one));
}

// Measured: 26.6 nats by gumbel after 1,000 steps, 32.4 from permuted columns.
TEST_CASE("A code of categories learns stripes by either estimator, and nothing from permuted columns",
          "[generative][gumbel]") {
  const std::string& yaml = all().at("categorical_vae").trial;
  const double threshold = 30;
  CHECK(trial::grades_after_learning(
            yaml, all(), {"data.permute=columns", "train.steps=800"})["test/neg_elbo"] > threshold);
  for (const std::string estimator : {"gumbel", "score"}) {
    INFO(estimator);
    auto run = trial::session(yaml, all(), {"categorical_vae.estimator=" + estimator, "train.steps=800"});
    CHECK(trial::grades(run)["test/neg_elbo"] > threshold);
    trial::learn(run);
    auto learnt = trial::grades(run);
    CHECK(learnt["test/neg_elbo"] < threshold);
    CHECK(learnt["test/neg_elbo"] == Approx(learnt["test/reconstruction"] + learnt["test/kl"]));
  }
}

TEST_CASE("A code of categories shows samples, reconstructions, maps and the way between codes",
          "[generative][gumbel]") {
  auto run = trial::session(all().at("categorical_vae").trial, all(), {"train.steps=1"});
  std::map<std::string, std::vector<int64_t>> shapes;
  for (const auto& picture : run.sample(9, 1).pictures) shapes[picture.name] = picture.shape;
  CHECK(shapes.at("samples") == std::vector<int64_t>{9, 8, 8, 1});
  CHECK(shapes.at("reconstructions") == std::vector<int64_t>{30, 8, 8, 1});
  CHECK(shapes.at("latents") == std::vector<int64_t>{500, 2});
  CHECK(shapes.at("tsne") == std::vector<int64_t>{500, 2});
  CHECK(shapes.at("interpolations") == std::vector<int64_t>{40, 8, 8, 1});
}

TEST_CASE("A code of categories refuses what it cannot be", "[generative][gumbel]") {
  const auto said = [](const std::string& data, const std::string& model) {
    return refusal([&] {
      trial::session(
          "model: categorical_vae\ndata: " + data + "\ncategorical_vae: " + model + "\ntrain: {steps: 1}\n",
          all());
    });
  };
  CHECK(said("stripes", "{categories: 1}").find("categorical_vae.categories") != std::string::npos);
  CHECK(said("stripes", "{variables: 0}").find("categorical_vae.variables") != std::string::npos);
  CHECK(said("ring", "{}").find("categorical_vae.likelihood: bernoulli needs") != std::string::npos);
}

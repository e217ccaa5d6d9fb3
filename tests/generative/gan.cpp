// The game: its penalty, its optimum, what each side's update changes, and that it learns.
#include "generative/gan/gan.h"

#include <cmath>

#include "generative/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/loop/registry.h"

using generative::all;
using torch::Tensor;

// A critic in double precision with its parameters: tanh of a linear map, so that every derivative exists.
struct SmoothCritic {
  Tensor first = torch::randn({3, 5}, torch::kFloat64).requires_grad_();
  Tensor last = torch::randn({5, 1}, torch::kFloat64).requires_grad_();

  Tensor operator()(const Tensor& x) const { return torch::matmul(torch::matmul(x, first).tanh(), last); }
};

// d penalty / d parameters takes a gradient of a gradient; finite differences take neither.
TEST_CASE("The gradient penalty has the gradient of finite differences", "[generative][gan]") {
  torch::manual_seed(4);
  const SmoothCritic critic;
  const Tensor x = torch::randn({6, 3}, torch::kFloat64);
  for (const double norm : {0.0, 1.0}) {
    INFO("norm " << norm);
    const auto penalty = [&] { return generative::gradient_penalty(critic, x, norm); };
    for (const Tensor& weight : {critic.first, critic.last}) {
      const Tensor exact = torch::autograd::grad({penalty()}, {weight})[0].flatten();
      CHECK(exact.abs().max().item<double>() > 0.1);
      double* number = weight.data_ptr<double>();
      for (int64_t i = 0; i < weight.numel(); ++i) {
        constexpr double step = 1e-6;
        const double held = number[i];
        number[i] = held + step;
        const double above = penalty().item<double>();
        number[i] = held - step;
        const double below = penalty().item<double>();
        number[i] = held;
        CHECK(exact[i].item<double>() == Approx((above - below) / (2 * step)).margin(1e-6));
      }
    }
  }
}

TEST_CASE("The penalty of a linear critic is the square of its slope's distance", "[generative][gan]") {
  const Tensor slope = torch::tensor({{3.0}, {4.0}}, torch::kFloat64).requires_grad_();
  const auto critic = [&](const Tensor& x) { return torch::matmul(x, slope); };
  const Tensor x = torch::randn({7, 2}, torch::kFloat64);
  CHECK(generative::gradient_penalty(critic, x, 1).item<double>() == Approx(16));
  CHECK(generative::gradient_penalty(critic, x, 0).item<double>() == Approx(25));
}

// A built GAN of the trial's data whose critic says 0 of everything.
struct Undecided {
  explicit Undecided(const std::string& loss) : gan(options(loss)) {
    training::Build build(registry, 0, torch::kCPU);
    gan.build(build);
    const torch::NoGradGuard no_grad;
    for (const auto& module : registry.modules)
      if (module.name == "critic")
        for (Tensor& weight : module.module->parameters()) weight.zero_();
  }

  static generative::Gan::Options options(const std::string& loss) {
    generative::Gan::Options options;
    options.gan.loss = loss;
    options.data.name = "ring";
    options.data.factory = training::data::all().at("ring").factory();
    return options;
  }

  training::Registry registry;
  generative::Gan gan;
};

TEST_CASE("At D = 1/2 the critic loses 2 ln 2 and the generator ln 2", "[generative][gan]") {
  Undecided game("non_saturating");
  const Tensor x = torch::randn({10, 2}), samples = torch::randn({10, 2});
  double loss = 0;
  for (const training::Term& term : game.gan.critic_loss(x, samples)) loss += term.value.item<double>();
  CHECK(loss == Approx(2 * std::log(2)).epsilon(1e-7));
  CHECK(game.gan.generator_loss(samples).item<double>() == Approx(std::log(2)).epsilon(1e-7));
}

TEST_CASE("A flat critic sees no Wasserstein distance and pays the whole penalty", "[generative][gan]") {
  Undecided game("wgan_gp");
  const auto terms = game.gan.critic_loss(torch::randn({10, 2}), torch::randn({10, 2}));
  REQUIRE(terms.size() == 3);
  CHECK(terms[0].value.item<double>() + terms[1].value.item<double>() == 0);
  CHECK(terms[2].value.item<double>() == Approx(1).epsilon(1e-5));
  CHECK(terms[2].weight == 10);
}

TEST_CASE("Each update moves its own network alone", "[generative][gan]") {
  auto run = trial::session(all().at("gan").trial, all());
  const auto gradients = [&](const std::string& name) {
    double sum = 0;
    for (const auto& update : run.registry.updates)
      if (update.name == name)
        for (const auto& p : update.parameters) sum += p.tensor.grad().abs().sum().item<double>();
    return sum;
  };
  double critic = 0;
  const training::Logger watch{[&](const std::string& metric, double) {
                                 if (metric == "train/critic_lr") critic = gradients("critic");
                               },
                               {}};
  run.step(watch);
  CHECK(critic > 0);
  CHECK(gradients("critic") == critic);  // the generator's loss left it as it was
  CHECK(gradients("generator") > 0);
}

static constexpr const char* four_modes_yaml = R"(model: gan
data: {name: ring, modes: 4, noise: 0.2, train_size: 4000, test_size: 1000, batch_size: 64}
gan: {latent: 4}
net: {hidden: [64, 64]}
optim: {lr: 0.004, beta1: 0.5, schedule: linear, generator: {ema_decay: 0.98}}
train: {steps: 400}
)";

static void check_learning(const std::vector<std::string>& seeds, const std::vector<std::string>& settings) {
  for (const std::string& seed : seeds) {
    INFO("seed " << seed);
    std::vector<std::string> overrides = settings;
    overrides.push_back("seed=" + seed);
    auto run = trial::session(four_modes_yaml, all(), overrides);
    auto untrained = trial::grades(run);
    CHECK(untrained["test/modes"] < 4);
    CHECK(untrained["test/within_3_sigma"] < 0.5);
    CHECK(untrained["test/sliced_wasserstein"] > 0.5);
    trial::learn(run);
    auto learnt = trial::grades(run);
    CHECK(learnt["test/modes"] == 4);
    CHECK(learnt["test/within_3_sigma"] > 0.6);
    CHECK(learnt["test/sliced_wasserstein"] < 0.5);
  }
}

TEST_CASE("A GAN learns four Gaussians on three seeds", "[generative][gan]") {
  check_learning({"0", "1", "2"}, {"gan.gradient_penalty=0.1"});
}

TEST_CASE("WGAN-GP learns four Gaussians on two seeds", "[generative][gan]") {
  check_learning({"0", "1"},
                 {"gan.loss=wgan_gp", "gan.gradient_penalty=1", "gan.n_critic=3", "train.steps=300"});
}

TEST_CASE("A GAN makes pictures of the data's shape and range, points with its critic's opinion",
          "[generative][gan]") {
  const auto shown = [](const std::vector<std::string>& overrides) {
    auto run = trial::session(all().at("gan").trial, all(), overrides);
    trial::learn(run);
    return run.sample(9, 1).pictures;
  };
  const auto pictures =
      shown({"data={name: stripes, train_size: 200, test_size: 50, batch_size: 50}",
             "net={channels: [4, 8], stride: 2, pool: 1, kernel: 4, batch_norm: true, hidden: []}",
             "train.steps=2"});
  REQUIRE(pictures.size() == 2);
  CHECK(pictures[1].name == "interpolations");
  CHECK(pictures[1].shape == std::vector<int64_t>{40, 8, 8, 1});
  CHECK(pictures[0].shape == std::vector<int64_t>{9, 8, 8, 1});
  for (const float pixel : pictures[0].data) CHECK((pixel >= 0 && pixel <= 1));
  const auto points = shown({"train.steps=2"});
  REQUIRE(points.size() == 2);
  CHECK(points[0].shape == std::vector<int64_t>{9, 2});
  CHECK(points[1].name == "critic");
}

TEST_CASE("Convolutions refuse rows without a picture", "[generative][gan]") {
  const std::string message = refusal(
      [] { trial::session("model: gan\ndata: ring\nnet: {channels: [8]}\ntrain: {steps: 1}\n", all()); });
  CHECK(message.find("net.channels: convolutions need pictures [C, H, W]") != std::string::npos);
}

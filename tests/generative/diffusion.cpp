// How noise gets in and out, against closed forms; and that both models learn a ring.
#include <cmath>

#include "generative/all.h"
#include "generative/diffusion/ddpm.h"
#include "generative/diffusion/noise_schedule.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/nets/unet.h"

namespace tests::diffusion {

using Catch::Matchers::ContainsSubstring;
using generative::all;
using generative::NoiseSchedule;
using torch::Tensor;

TEST_CASE("What is left of the data at the last step is less than 0.001 nats", "[generative][diffusion]") {
  for (const char* name : {"linear", "cosine"})
    for (const int64_t steps : {50, 100, 1000}) {
      INFO(name << ", " << steps << " steps");
      CHECK(NoiseSchedule(name, steps).terminal_kl(1) < 1e-3);
    }
}

TEST_CASE("The step back is Bayes' rule on two Gaussians", "[generative][diffusion]") {
  for (const char* name : {"linear", "cosine"}) {
    const NoiseSchedule schedule(name, 40);
    for (int64_t t = 1; t < 40; ++t) {
      // Prior q(x_{t-1} | x_0) = N(sqrt(before) x_0, 1 - before), likelihood q(x_t | x_{t-1}) =
      // N(sqrt(1 - b) x_{t-1}, b): precisions add.
      const double before = schedule.kept(t - 1), b = schedule.beta(t);
      const double precision = 1 / (1 - before) + (1 - b) / b;
      const auto step = schedule.posterior(t);
      CHECK(step.variance == Approx(1 / precision).epsilon(1e-9));
      CHECK(step.of_data == Approx(std::sqrt(before) / (1 - before) / precision).epsilon(1e-9));
      CHECK(step.of_now == Approx(std::sqrt(1 - b) / b / precision).epsilon(1e-9));
    }
  }
}

TEST_CASE("A leap of one step that keeps all randomness is that step, and one that keeps none has none",
          "[generative][diffusion]") {
  const NoiseSchedule schedule("cosine", 40);
  for (int64_t t = 1; t < 40; ++t) {
    const auto step = schedule.posterior(t);
    const auto leap = generative::leap(schedule, t, t - 1, 1);
    CHECK(leap.deviation == Approx(std::sqrt(step.variance)).epsilon(1e-9));
    // of_data x_0 + of_noise eps, where eps = (x_t - sqrt(a) x_0) / sqrt(1 - a), is the posterior's mean.
    const double a = schedule.kept(t), per_now = leap.of_noise / std::sqrt(1 - a);
    CHECK(per_now == Approx(step.of_now).epsilon(1e-9));
    CHECK(leap.of_data - per_now * std::sqrt(a) == Approx(step.of_data).epsilon(1e-9));
    CHECK(generative::leap(schedule, t, t - 1, 0).deviation == 0);
  }
  CHECK(generative::leap(schedule, 0, -1, 1).of_data == 1);
  CHECK(generative::sampled_steps(10, 5) == std::vector<int64_t>{9, 7, 5, 3, 1, -1});
}

TEST_CASE("A velocity tells the noise and the data that it was made of", "[generative][diffusion]") {
  torch::manual_seed(1);
  const NoiseSchedule schedule("linear", 30);
  const Tensor x = torch::randn({6, 3}, torch::kFloat64), noise = torch::randn_like(x);
  const Tensor t = torch::tensor({0, 5, 10, 15, 20, 29});
  const Tensor now = schedule.noised(x, noise, t), v = schedule.velocity(x, noise, t);
  CHECK((schedule.noise_of(now, v, t) - noise).abs().max().item<double>() < 1e-9);
  CHECK((schedule.data_of(now, v, t) - x).abs().max().item<double>() < 1e-9);
}

TEST_CASE("Guidance of 0 is the model that was told the class, of 1 twice as far from the one that was not",
          "[generative][diffusion]") {
  torch::manual_seed(2);
  generative::Denoiser net(std::vector<int64_t>{2}, 3, generative::DenoiserOptions{});
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::randn({5, 2}), time = torch::rand({5}), classes = torch::tensor({0, 1, 2, 0, 1});
  const Tensor told = net->forward(x, time, classes),
               untold = net->forward(x, time, torch::full({5}, 3, torch::kInt64));
  CHECK(torch::equal(net->guided(x, time, classes, 0), told));
  CHECK(torch::allclose(net->guided(x, time, classes, 1), 2 * told - untold, 1e-5, 1e-6));
  CHECK_FALSE(torch::allclose(told, untold));
}

TEST_CASE("A U-Net keeps the sides of pictures, begins at zero, and refuses sides that cannot be halved",
          "[generative][diffusion]") {
  const training::UNetOptions options{.channels = {8, 16, 16}};
  for (const int64_t side : {4, 8, 28}) {
    training::UNet net("net", training::UNetImpl::Shape{1, side, side}, 2, 5, options);
    const Tensor out = net->forward(torch::randn({3, 1, side, side}), torch::randn({3, 5}));
    CHECK((out.sizes() == torch::IntArrayRef({3, 2, side, side})));
    CHECK(out.abs().max().item<double>() == 0);
  }
  CHECK_THAT(refusal([&] {
               training::UNet("net", training::UNetImpl::Shape{1, 30, 30}, 1, 5, options);
             }),
             ContainsSubstring("30 x 30 pixels cannot be halved 2 times"));
}

static constexpr const char* ring = R"(seed: 0
data: {name: ring, modes: 4, noise: 0.4, train_size: 10000, test_size: 1000, batch_size: 128}
net: {hidden: [64, 64]}
optim: {lr: 0.005, schedule: cosine, ema_decay: 0.98}
train: {steps: 1200}
)";

TEST_CASE("Both models find the modes of a ring", "[generative][diffusion]") {
  for (const std::string model :
       {"model: ddpm\nddpm: {steps: 20}\n", "model: flow_matching\nflow_matching: {sample_steps: 10}\n"}) {
    INFO(model);
    auto grades = trial::grades_after_learning(model + ring, all());
    CHECK(grades["test/modes"] == 4);
    CHECK(grades["test/within_3_sigma"] > 0.8);
    CHECK(grades["test/one_nn_accuracy"] < 0.6);
  }
}

TEST_CASE("DDIM's samples follow from their noise alone", "[generative][diffusion]") {
  auto run = trial::session(all().at("ddpm").trial, all(), {"ddpm.eta=0", "ddpm.sample_steps=5"});
  const auto points = [&](uint64_t seed) { return run.sample(20, seed).pictures.at(0).data; };
  CHECK(points(3) == points(3));
  CHECK(points(3) != points(4));
}

TEST_CASE("What diffusion cannot do is refused", "[generative][diffusion][bad_input]") {
  const auto said = [](const std::vector<std::string>& overrides) {
    return refusal([&] { trial::session(all().at("ddpm").trial, all(), overrides); });
  };
  CHECK_THAT(said({"ddpm.guidance=2"}), ContainsSubstring("expected 0"));
  CHECK_THAT(said({"ddpm.condition=class", "ddpm.guidance=2", "ddpm.drop_class=0"}),
             ContainsSubstring("expected a drop_class above 0"));
  CHECK_THAT(said({"ddpm.sample_steps=21"}), ContainsSubstring("at most the 20"));
  CHECK_THAT(said({"data=anbn"}), ContainsSubstring("needs pictures or rows of numbers"));
}

}  // namespace tests::diffusion

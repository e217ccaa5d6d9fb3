// What is done to the critic and what both nets are told: clipped weights, spectral norm, classes, averages.
#include <algorithm>

#include "generative/all.h"
#include "generative/gan/gan.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/loop/registry.h"

using generative::all;
using torch::Tensor;

static constexpr const char* classes_yaml = R"(model: gan
data: {name: ring, modes: 3, noise: 0.2, train_size: 3000, test_size: 1000, batch_size: 64}
gan: {latent: 4, condition: class, gradient_penalty: 0.1}
net: {hidden: [64, 64]}
optim: {lr: 0.004, beta1: 0.5, schedule: linear, generator: {ema_decay: 0.98}}
train: {steps: 250}
)";

static training::Registry::Module& module(training::Session& run, const std::string& name) {
  const auto found = std::ranges::find(run.registry.modules, name, &training::Registry::Module::name);
  REQUIRE(found != run.registry.modules.end());
  return *found;
}

static double largest_weight(training::Session& run) {
  double largest = 0;
  for (const Tensor& p : module(run, "critic").module->parameters())
    largest = std::max(largest, p.abs().max().item<double>());
  return largest;
}

TEST_CASE("wgan_clip holds the critic's weights, and no other loss does", "[generative][gan]") {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (const std::string loss : {"wgan_clip", "non_saturating"}) {
    auto run = trial::session(all().at("gan").trial, all(),
                              {"gan.loss=" + loss, "gan.weight_clip=0.02", "gan.gradient_penalty=0"});
    CHECK(largest_weight(run) > 0.1);
    for (int i = 0; i < 3; ++i) run.step(silent);
    CHECK((largest_weight(run) <= 0.02f) == (loss == "wgan_clip"));
  }
}

// |D(x) - D(y)| <= |x - y|: three layers of norm 1 with activations of slope 1 at most between them.
TEST_CASE("A critic with spectral norm enlarges no distance", "[generative][gan]") {
  auto run = trial::session(all().at("gan").trial, all(), {"gan.spectral_norm=true", "train.steps=60"});
  trial::learn(run);
  std::vector<double> norms;
  run.registry.evaluate();
  for (const auto& p : module(run, "critic").module->named_parameters())
    if (p.value().dim() == 2)
      norms.push_back(torch::linalg_svdvals(p.value().detach(), {}).max().item<double>());
  REQUIRE(norms.size() == 3);
  const auto pictures = run.sample(9, 1).pictures;
  const auto critic = std::ranges::find(pictures, "critic", &core::Picture::name);
  REQUIRE(critic != pictures.end());
  const double step = critic->extent.width / 128;
  double steepest = 0;  // of the opinion's log-odds, from a point to its neighbour
  for (size_t i = 0; i + 1 < critic->data.size(); ++i) {
    if (i % 128 == 127) continue;
    const auto log_odds = [&](size_t k) { return std::log(critic->data[k] / (1 - critic->data[k])); };
    steepest = std::max(steepest, std::abs(double(log_odds(i + 1) - log_odds(i))) / step);
  }
  CHECK(steepest > 0.05);
  CHECK(steepest < 1.05);
}

TEST_CASE("Asked for a class the generator makes it, on three seeds", "[generative][gan]") {
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    auto run = trial::session(classes_yaml, all(), {"seed=" + seed});
    CHECK(trial::grades(run)["test/class_agreement"] < 0.7);
    trial::learn(run);
    CHECK(trial::grades(run)["test/class_agreement"] > 0.95);
    // Of one class alone: around its own centre, (2 cos, 2 sin)(2 pi k / 3).
    core::Request second;
    second.class_name = std::string("1");
    const auto points = run.sample(200, 1, second).pictures.at(0);
    int64_t near = 0;
    for (size_t i = 0; i < points.data.size(); i += 2)
      near += std::hypot(points.data[i] + 1, points.data[i + 1] - std::sqrt(3)) < 1;
    CHECK(near >= 180);
    CHECK(points.classes == std::vector<int64_t>(200, 1));
  }
}

TEST_CASE("Least squares and spectral norm learn three Gaussians", "[generative][gan]") {
  for (const std::vector<std::string>& settings :
       {std::vector<std::string>{"gan.loss=least_squares", "gan.gradient_penalty=3"},
        std::vector<std::string>{"gan.spectral_norm=true"}}) {
    std::vector<std::string> overrides = settings;
    overrides.insert(overrides.end(), {"gan.condition=none", "net.hidden=[32, 32]", "data.batch_size=128",
                                       "optim.lr=0.003", "train.steps=600"});
    INFO(settings[0]);
    auto grades = trial::grades_after_learning(classes_yaml, all(), overrides);
    CHECK(grades["test/modes"] == 3);
    CHECK(grades["test/sliced_wasserstein"] < 0.6);
  }
}

TEST_CASE("Pictures of a class lie in their own columns, and convolutions tell classes too",
          "[generative][gan]") {
  auto run =
      trial::session(all().at("gan").trial, all(),
                     {"data={name: stripes, train_size: 200, test_size: 50, batch_size: 50}",
                      "gan.condition=class", "gan.spectral_norm=true",
                      "net={channels: [4, 8], stride: 2, pool: 1, kernel: 4, batch_norm: true, hidden: []}",
                      "train.steps=2"});
  trial::learn(run);
  const auto pictures = run.sample(6, 1).pictures;
  REQUIRE(pictures.size() == 2);
  CHECK(pictures[0].columns == 2);
  CHECK(pictures[0].shape == std::vector<int64_t>{6, 8, 8, 1});
  CHECK(pictures[1].shape == std::vector<int64_t>{40, 8, 8, 1});
}

TEST_CASE("A condition needs classes", "[generative][gan]") {
  const std::string message = refusal([] {
    trial::session("model: gan\ndata: checkerboard\ngan: {condition: class}\ntrain: {steps: 1}\n", all());
  });
  CHECK(message.find("gan.condition: 'checkerboard' has no class for each row; expected none") !=
        std::string::npos);
}

// What batch norm has seen is averaged with the weights: the generator that is judged is one whole.
TEST_CASE("The averaged generator has averaged statistics of its norms", "[generative][gan]") {
  auto run = trial::session(
      all().at("gan").trial, all(),
      {"data={name: stripes, train_size: 200, test_size: 50, batch_size: 50}", "gan.gradient_penalty=0",
       "net={channels: [4, 8], stride: 2, pool: 1, kernel: 4, batch_norm: true, hidden: []}",
       "train.steps=8"});
  trial::learn(run);
  const Tensor mean = module(run, "generator").module->named_buffers()["norm_1.running_mean"];
  const Tensor latest = mean.clone();
  run.updater.swap_ema();
  CHECK_FALSE(torch::equal(mean, latest));
  run.updater.swap_ema();
  CHECK(torch::equal(mean, latest));
}

// The one road from a loss to new weights: clipping, accumulation, averaging, and what is not finite.
#include "training/loop/updater.h"

#include "core/error.h"
#include "tests/catch.h"
#include "training/nets/conv_stack.h"
#include "training/nets/mlp.h"

using namespace training;

namespace {

struct Bench {
  Registry registry;
  Mlp net{nullptr};
  Updater updater;
  Counters counters;
  std::map<std::string, double> logged;
  Logger logger{[this](const std::string& metric, double value) { logged[metric] = value; }, nullptr};

  explicit Bench(const OptimOptions& options) {
    torch::manual_seed(1);
    net = Mlp("net", 2, 1, MlpOptions{.hidden = {4}});
    Build build(registry, 1, torch::kCPU);
    build.module("net", *net);
    build.optimizer("net", {net.get()}, {{"error", "", "squared error"}, {"extra", "", "nothing"}});
    build.finish();
    updater = Updater(registry, {{"net", options}});
  }
  Updated update(const torch::Tensor& x, double scale = 1, double progress = 0) {
    const torch::Tensor y = net->forward(x);
    return updater.update(registry, "net", {{"error", y.square().mean(), scale}, {"extra", y.mean() * 0, 2}},
                          progress, counters, logger);
  }
  torch::Tensor weights() {
    return torch::cat({net->parameters()[0].flatten(), net->parameters()[2].flatten()}).detach().clone();
  }
};

}  // namespace

TEST_CASE("every weighted term, the loss, the norm and the rate are logged", "[training][updater]") {
  Bench b({.lr = 0.1});
  const Updated updated = b.update(torch::ones({3, 2}), 0.5);
  CHECK(b.logged.at("train/loss") == Approx(updated.loss));
  CHECK(b.logged.at("train/error") == Approx(updated.loss));
  CHECK(b.logged.at("train/extra") == 0);
  CHECK(b.logged.at("train/grad_norm") == Approx(updated.grad_norm));
  CHECK(b.logged.at("train/lr") == 0.1);
  CHECK(b.counters.updates.at("net") == 1);
}

TEST_CASE("the gradient's norm and elements are clipped to the limit", "[training][updater]") {
  Bench b({.algorithm = "sgd", .lr = 1, .clip_norm = 0.01});
  const torch::Tensor before = torch::cat({b.weights()});
  const Updated updated = b.update(torch::ones({3, 2}) * 10);
  REQUIRE(updated.grad_norm > 0.01);
  double square = 0;
  for (const auto& p : b.net->parameters()) square += p.grad().square().sum().item<double>();
  CHECK(std::sqrt(square) == Approx(0.01).epsilon(1e-3));
  Bench c({.algorithm = "sgd", .lr = 1, .clip_value = 0.003});
  c.update(torch::ones({3, 2}) * 10);
  for (const auto& p : c.net->parameters()) CHECK(p.grad().abs().max().item<double>() <= 0.003f);
}

TEST_CASE("the norm that is clipped is that of the clipped elements", "[training][updater]") {
  Bench b({.algorithm = "sgd", .lr = 1, .clip_norm = 0.004, .clip_value = 0.003});
  const Updated updated = b.update(torch::ones({3, 2}) * 10);
  double square = 0, largest = 0;
  for (const auto& p : b.net->parameters()) {
    square += p.grad().square().sum().item<double>();
    largest = std::max(largest, p.grad().abs().max().item<double>());
  }
  CHECK(updated.grad_norm > 1);  // as it came
  CHECK(std::sqrt(square) == Approx(0.004).epsilon(1e-3));
  CHECK(largest < 0.003);
  Bench c({.algorithm = "sgd", .lr = 1, .clip_norm = 1000, .clip_value = 0.003});  // elements alone
  c.update(torch::ones({3, 2}) * 10);
  for (const auto& p : c.net->parameters()) CHECK(p.grad().abs().max().item<double>() <= 0.003f);
}

TEST_CASE("accumulated halves of a batch step like the whole batch", "[training][updater]") {
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({8, 2});
  Bench whole({.algorithm = "sgd", .lr = 0.1}), halves({.algorithm = "sgd", .lr = 0.1, .accumulate = 2});
  const torch::Tensor start = halves.weights();
  whole.update(x);
  halves.update(x.narrow(0, 0, 4));
  CHECK(torch::equal(halves.weights(), start));
  halves.update(x.narrow(0, 4, 4));
  CHECK(torch::allclose(halves.weights(), whole.weights(), 1e-5, 1e-6));
  CHECK(halves.counters.updates.at("net") == 1);
}

TEST_CASE("averaged weights follow slowly and swap in and out exactly", "[training][updater]") {
  Bench b({.algorithm = "sgd", .lr = 0.5, .ema_decay = 0.9});
  const torch::Tensor start = b.weights();
  for (int i = 0; i < 20; ++i) b.update(torch::ones({3, 2}));
  const torch::Tensor end = b.weights();
  b.updater.swap_ema();
  const torch::Tensor average = b.weights();
  CHECK((average - end).norm().item<double>() > 0);
  CHECK((average - start).norm().item<double>() < (end - start).norm().item<double>() + 1);
  b.updater.swap_ema();
  CHECK(torch::equal(b.weights(), end));
}

TEST_CASE("an average is the plain mean at first, then forgets as its decay says", "[training][updater]") {
  for (const double decay : {0.5, 0.9, 0.99999}) {
    Bench b({.algorithm = "sgd", .lr = 0.05, .ema_decay = decay});
    std::vector<torch::Tensor> seen{b.weights()};
    torch::Tensor average = seen[0].clone();
    for (int n = 1; n <= 30; ++n) {
      b.update(torch::ones({3, 2}));
      seen.push_back(b.weights());
      const double keep = n / (n + 1.0) < decay ? n / (n + 1.0) : decay;
      average = keep * average + (1 - keep) * seen.back();
    }
    b.updater.swap_ema();
    INFO("decay " << decay);
    CHECK(torch::allclose(b.weights(), average, 1e-4, 1e-6));
    const torch::Tensor mean = torch::stack(seen).mean(0);
    CHECK(torch::allclose(b.weights(), mean, 1e-4, 1e-6) == (decay > 0.99));
  }
}

TEST_CASE("stochastic weight averaging is the plain mean of all weights since its start",
          "[training][updater]") {
  Bench b({.algorithm = "sgd", .lr = 0.05, .swa_start = 0.5});
  std::vector<torch::Tensor> seen;
  for (int n = 0; n < 20; ++n) {
    b.update(torch::ones({3, 2}), 1, n / 20.0);
    if (n >= 10) seen.push_back(b.weights());
    const torch::Tensor now = b.weights();
    b.updater.swap_ema();
    const torch::Tensor expected = n < 10 ? now : torch::stack(seen).mean(0);
    CHECK(torch::allclose(b.weights(), expected, 1e-5, 1e-7));
    b.updater.swap_ema();
    CHECK(torch::equal(b.weights(), now));
  }
  CHECK(b.updater.groups().at("net").averaged == 10);
  CHECK_THROWS_AS(Bench({.ema_decay = 0.9, .swa_start = 0.5}), core::Error);
}

TEST_CASE("a rate that waits for plateaus is cut where scores stand still", "[training][updater]") {
  OptimOptions options{.algorithm = "sgd", .lr = 0.1};
  options.schedule = {.schedule = "plateau", .step_factor = 0.5, .plateau_patience = 2};
  Bench b(options);
  std::vector<double> rates;
  for (const double score : {1.0, 2.0, 2.0, 2.0, 1.0}) {
    b.updater.scored(score);
    b.update(torch::ones({3, 2}));
    rates.push_back(b.logged.at("train/lr"));
  }
  CHECK(rates == std::vector<double>{0.1, 0.1, 0.1, 0.05, 0.05});
}

TEST_CASE("batch norm's statistics are averaged with the weights", "[training][updater]") {
  Registry registry;
  ConvStack net("net", ConvStackImpl::Shape{1, 4, 4}, 1, ConvStackOptions{.channels = {3}});
  Build build(registry, 1, torch::kCPU);
  build.module("net", *net);
  build.optimizer("net", {net.get()}, {{"error", "", "squared error"}});
  build.finish();
  Updater updater(registry, {{"net", {.lr = 0.1, .ema_decay = 0.9}}});
  Counters counters;
  const Logger silent{[](const std::string&, double) {}, nullptr};
  const auto statistics = [&] { return net->named_buffers()["norm_1.running_mean"].clone(); };
  torch::Tensor average = statistics();
  for (int n = 1; n <= 15; ++n) {
    const torch::Tensor y = net->forward(torch::randn({8, 1, 4, 4}) + n);
    updater.update(registry, "net", {{"error", y.square().mean()}}, 0, counters, silent);
    const double keep = std::min(0.9, n / (n + 1.0));
    average = keep * average + (1 - keep) * statistics();
  }
  const torch::Tensor end = statistics();
  updater.swap_ema();
  CHECK(torch::allclose(statistics(), average, 1e-5, 1e-6));
  CHECK_FALSE(torch::allclose(statistics(), end, 1e-2, 1e-2));
  updater.swap_ema();
  CHECK(torch::equal(statistics(), end));
}

TEST_CASE("what is not finite stops before any weight changes and is named", "[training][updater]") {
  Bench b({.lr = 0.1});
  const torch::Tensor before = b.weights();
  torch::Tensor x = torch::ones({3, 2});
  x[1][0] = std::numeric_limits<float>::quiet_NaN();
  try {
    b.update(x);
    FAIL("a NaN went through");
  } catch (const core::Error& error) {
    const std::string what = error.what();
    CHECK(error.exit() == core::Exit::failed);
    CHECK(what.find("'net'") != std::string::npos);
    CHECK(what.find("term 'error'") != std::string::npos);
    CHECK(what.find("net.hidden_1") != std::string::npos);
  }
  CHECK(torch::equal(b.weights(), before));

  // A finite loss whose gradient is not: sqrt at 0.
  Bench c({.lr = 0.1});
  const torch::Tensor held = c.weights();
  const torch::Tensor y = c.net->forward(torch::ones({3, 2}));
  CHECK_THROWS_AS(c.updater.update(c.registry, "net", {{"error", (y * 0).sqrt().sum()}, {"extra", y.mean()}},
                                   0, c.counters, c.logger),
                  core::Error);
  CHECK(torch::equal(c.weights(), held));
}

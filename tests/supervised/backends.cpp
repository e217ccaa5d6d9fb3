// One experiment, two backends: gradients and losses of our own autograd equal LibTorch's.
#include <algorithm>
#include <cmath>

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using supervised::all;
using torch::Tensor;

namespace {

struct Case {
  std::string model, data, more;  // more: sections of the experiment
};

const std::string puzzle = "{name: xor, train_size: 400, test_size: 50, batch_size: 16}",
                  pictures = "{name: stripes, train_size: 200, test_size: 20, batch_size: 8}",
                  symbols = "{name: anbn, batch_size: 8}";

const Case cases[] = {
    {"mlp", puzzle, "net: {hidden: [8, 6], activation: tanh}"},
    {"mlp", puzzle, "net: {hidden: [16]}"},
    {"mlp", puzzle, "net: {hidden: [8, 6], dropout: 0.3}"},
    {"mlp", puzzle, "net: {hidden: [8, 6], norm: batch, dropout: 0.2}"},
    {"mlp", puzzle, "net: {hidden: [8, 6], norm: layer}"},
    {"mlp", "{name: ellipse, train_size: 600, test_size: 50, batch_size: 32}",
     "net: {hidden: [8], activation: sigmoid}"},
    {"mlp", "{name: noisy_sine, batch_size: 35}", "net: {hidden: [8], init: kaiming}"},
    {"mlp", "{name: noisy_sine, batch_size: 35}", "net: {hidden: [8, 8], activation: gelu}"},
    {"cnn", pictures, "net: {channels: [3, 4], hidden: [8], dropout: 0.4}"},
    {"cnn", pictures, "net: {channels: [5], kernel: 4, stride: 2, pool: 1, batch_norm: false, hidden: []}"},
    {"lstm", symbols, "lstm: {embedding: 4}\nnet: {width: 6}"},
    {"lstm", symbols, "lstm: {embedding: 4}\nnet: {cell: gru, width: 5, layers: 2}"},
    {"lstm", symbols, "lstm: {embedding: 4}\nnet: {cell: rnn, width: 6, layers: 2, dropout: 0.3}"}};

training::Session session(const Case& experiment, const std::string& backend, const std::string& precision,
                          const std::string& optim) {
  const std::string yaml = "model: " + experiment.model + "\ndata: " + experiment.data + "\n" +
                           experiment.more + "\noptim: " + optim + "\ntrain: {steps: 100}\n";
  return trial::session(
      yaml, all(), {experiment.model + ".backend=" + backend, experiment.model + ".precision=" + precision});
}

std::vector<double> losses(training::Session& run, int64_t steps) {
  std::vector<double> all_losses;
  const training::Logger keep{[&](const std::string& metric, double value) {
                                if (metric == "train/loss") all_losses.push_back(value);
                              },
                              {}};
  for (int64_t i = 0; i < steps; ++i) run.step(keep);
  return all_losses;
}

Tensor flat(const training::Session& run) {
  std::vector<Tensor> parts;
  for (const auto& [name, tensor] : run.registry.tensors())
    if (tensor.is_floating_point()) parts.push_back(tensor.detach().flatten().clone());
  return torch::cat(parts);
}

// Of the first batch: what plain gradient descent takes from the weights, at a rate of 1.
Tensor first_gradient(const Case& experiment, const std::string& backend, const std::string& precision) {
  auto run = session(experiment, backend, precision, "{algorithm: sgd, lr: 1}");
  const Tensor before = flat(run);
  losses(run, 1);
  return before - flat(run);
}

// Number by number there are no norms, and fewer activations.
std::vector<std::string> own(const Case& experiment) {
  const auto has = [&](const char* word) { return experiment.more.find(word) != std::string::npos; };
  const bool scalars = experiment.model == "mlp" && !has("gelu") && !has("norm");
  return scalars ? std::vector<std::string>{"scratch", "scalars"} : std::vector<std::string>{"scratch"};
}

std::string told(const Case& experiment, const std::string& backend) {
  return experiment.model + " on " + backend + ", " + experiment.more;
}

}  // namespace

TEST_CASE("Gradients of every backend are equal to 1e-6", "[supervised][scratch]") {
  for (const Case& experiment : cases)
    for (const std::string precision : {"float64", "float32"}) {
      const Tensor theirs = first_gradient(experiment, "libtorch", precision);
      CHECK(theirs.norm().item<double>() > 1e-3);
      for (const std::string& backend : own(experiment)) {
        const Tensor ours = first_gradient(experiment, backend, precision);
        INFO(told(experiment, backend) << ", " << precision);
        // float32 weights of size 1 keep no more than 6e-8 of what is taken from them
        const double relative = ((ours - theirs).norm() / theirs.norm()).item<double>();
        CHECK(relative < (precision == "float64" ? 1e-6 : 1e-5));
      }
    }
}

TEST_CASE("In float64 the losses of the first 100 updates are equal to 1e-8", "[supervised][scratch]") {
  for (const Case& experiment : cases) {
    auto theirs = session(experiment, "libtorch", "float64", "{algorithm: adam, lr: 0.01}");
    const std::vector<double> expected = losses(theirs, 100);
    const auto wanted = trial::grades(theirs);
    REQUIRE(expected.size() == 100);
    CHECK(expected.back() < expected.front());
    for (const std::string& backend : own(experiment)) {
      auto ours = session(experiment, backend, "float64", "{algorithm: adam, lr: 0.01}");
      const std::vector<double> found = losses(ours, 100);
      INFO(told(experiment, backend));
      double apart = 0;
      for (size_t i = 0; i < 100; ++i) apart = std::max(apart, std::abs(found[i] - expected[i]));
      CHECK(apart < 1e-8);
      const auto graded = trial::grades(ours);
      for (const auto& [metric, value] : wanted) {
        INFO(metric);
        CHECK(graded.at(metric) == Approx(value).epsilon(1e-6).margin(1e-8));
      }
    }
  }
}

TEST_CASE("What our own autograd lacks is refused", "[supervised][scratch]") {
  const auto says = [](const std::string& backend, const std::string& override) {
    return refusal([&] {
      trial::session(all().at("mlp").trial, all(), {"mlp.backend=" + backend, override});
    });
  };
  CHECK(says("scratch", "mlp.mixup=0.2").find("mixup: our own backends have none") != std::string::npos);
  CHECK(says("scalars", "net.norm=batch").find("backend scalars has none") != std::string::npos);
  CHECK(says("scalars", "net.activation=gelu").find("backend scalars has relu") != std::string::npos);
  CHECK(says("scratsh", "net.dropout=0").find("did you mean 'scratch'") != std::string::npos);
}

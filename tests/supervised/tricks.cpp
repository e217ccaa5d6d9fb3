// What a first course does to a perceptron: norms, mixup, ensembles, every optimiser; regressions without
// hidden layers against their exact solutions; and that all of it goes on bit for bit.
#include <cmath>

#include "supervised/all.h"
#include "supervised/feedforward/feed_forward.h"
#include "supervised/mixup.h"
#include "supervised/task.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/data/noisy_sine.h"
#include "training/loop/checkpoint.h"

using supervised::all;
using supervised::FeedForward;
using supervised::FeedForwardOptions;
using torch::Tensor;

namespace {

training::Session xor_mlp(const std::vector<std::string>& overrides) {
  return trial::session(all().at("mlp").trial, all(), overrides);
}

Tensor all_numbers(const training::Session& run) {
  std::vector<Tensor> parts;
  for (const auto& [name, tensor] : run.registry.tensors())
    parts.push_back(tensor.detach().flatten().to(torch::kFloat64));
  return torch::cat(parts);
}

void take_steps(training::Session& run, int n) {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (int i = 0; i < n; ++i) {
    run.step(silent);
    if (run.counters.step % 3 == 0) run.updater.scored(double(run.counters.step % 4));
  }
}

}  // namespace

TEST_CASE("A net without a norm is the plain perceptron to the last bit", "[supervised][tricks]") {
  for (const std::string init : {"default", "xavier"}) {
    const training::MlpOptions layers{.hidden = {6, 4}, .activation = "tanh", .init = init, .dropout = 0.3};
    torch::manual_seed(3);
    training::Mlp plain("net", 3, 2, layers);
    torch::manual_seed(3);
    FeedForward net("net", 3, 2, FeedForwardOptions{layers});
    const Tensor x = torch::randn({5, 3});
    torch::manual_seed(4);
    const Tensor expected = plain->forward(x);
    torch::manual_seed(4);
    CHECK(torch::equal(net->forward(x), expected));
    CHECK(net->named_parameters().keys() == plain->named_parameters().keys());
  }
}

TEST_CASE("Norms bring hidden units to mean 0 and variance 1, of the batch or of the row",
          "[supervised][tricks]") {
  const auto features = [](const std::string& norm, const Tensor& x) {
    return FeedForward("net", 3, 2, FeedForwardOptions{{.hidden = {50}, .activation = "identity"}, norm})
        ->features(x);
  };
  const Tensor x = torch::randn({64, 3}) * 5 + 2;
  for (const auto& [norm, side] : {std::pair{"batch", 0}, {"layer", 1}}) {
    const Tensor h = features(norm, x);
    INFO(norm);
    CHECK(h.mean(side).abs().max().item<double>() < 1e-4);
    CHECK((h.var(side, false) - 1).abs().max().item<double>() < 1e-3);
  }
  FeedForward net("net", 3, 2, FeedForwardOptions{{.hidden = {4}}, "batch"});
  for (int i = 0; i < 50; ++i) net->forward(x);
  net->eval();  // by running statistics: a row has the same answer beside any others
  CHECK(torch::allclose(net->forward(x).narrow(0, 0, 1), net->forward(x.narrow(0, 0, 1)), 1e-5, 1e-6));
  CHECK(refusal([] {
          xor_mlp({"net.norm=batch", "data.batch_size=1"});
        }).find("batches of one row") != std::string::npos);
}

TEST_CASE("The MLP learns XOR with every norm and by every optimiser", "[supervised][tricks]") {
  const auto learns = [](const std::vector<std::string>& overrides) {
    INFO(overrides[0]);
    CHECK(trial::grades_after_learning(all().at("mlp").trial, all(), overrides)["test/accuracy"] > 0.95);
  };
  learns({"net.norm=batch"});
  learns({"net.norm=layer"});
  learns({"mlp.mixup=0.2"});
  for (const auto& [algorithm, rate] : {std::pair{"sgd", "0.5"},
                                        {"adagrad", "0.1"},
                                        {"rmsprop", "0.01"},
                                        {"adam", "0.02"},
                                        {"adamw", "0.02"},
                                        {"lion", "0.005"},
                                        {"muon", "0.05"}})
    learns({std::string("optim.algorithm=") + algorithm, std::string("optim.lr=") + rate});
  learns({"optim.algorithm=adadelta", "optim.lr=1", "optim.alpha=0.9", "optim.eps=1e-4"});
}

TEST_CASE("Mixup draws its share from Beta(alpha, alpha) and mixes rows and losses alike",
          "[supervised][tricks]") {
  const training::Batch batch(torch::arange(8).to(torch::kFloat32).view({4, 2}), torch::arange(4));
  torch::Generator stream = training::make_generator(1);
  for (const double alpha : {0.2, 1.0, 4.0}) {
    double mean = 0, square = 0;
    constexpr int draws = 4000;
    for (int i = 0; i < draws; ++i) {
      const supervised::Mixed mixed(batch, alpha, stream);
      mean += mixed.share / draws;
      square += mixed.share * mixed.share / draws;
      if (i > 9) continue;
      const Tensor row = mixed.share * mixed.targets + (1 - mixed.share) * mixed.others;
      CHECK(torch::allclose(mixed.inputs.select(1, 0), 2 * row.to(torch::kFloat32), 1e-5, 1e-5));
    }
    CHECK(mean == Approx(0.5).margin(0.03));
    CHECK(square - mean * mean == Approx(1 / (4 * (2 * alpha + 1))).epsilon(0.1));
  }
  const supervised::Mixed plain(batch, 0, stream);
  CHECK((plain.share == 1 && !plain.others.defined()));
  CHECK(torch::equal(plain.inputs, batch.inputs()));
}

TEST_CASE("An ensemble answers with the mean of its members' probabilities", "[supervised][tricks]") {
  const Tensor a = torch::tensor({{2.0, 0.0}, {0.0, 1.0}}), b = torch::tensor({{-1.0, 3.0}, {0.5, 0.5}});
  const Tensor expected = (a.softmax(1) + b.softmax(1)) / 2;
  CHECK(torch::allclose(supervised::Classification::together({a, b}).exp(), expected, 1e-6, 1e-7));
  CHECK(torch::equal(supervised::Regression::together({a, b}), (a + b) / 2));
}

TEST_CASE("A member learns in an ensemble as it would alone", "[supervised][tricks]") {
  const std::string yaml =
      "model: ensemble\ndata: {name: xor, train_size: 400, test_size: 50, batch_size: 50}\n"
      "net: {hidden: [8]}\noptim: {lr: 0.02}\ntrain: {steps: 20}\n";
  const auto first_member = [&](const std::string& members) {
    auto run = trial::session(yaml, all(), {"ensemble.members=" + members});
    trial::learn(run);
    return run.registry.tensors().front().second.clone();
  };
  CHECK(torch::allclose(first_member("1"), first_member("4"), 1e-5, 1e-6));
}

TEST_CASE("An ensemble's log-loss is no more than the mean of its members'", "[supervised][tricks]") {
  const std::string yaml =
      "model: ensemble\ndata: {name: moons, train_size: 100, test_size: 500, batch_size: 50, noise: 0.3}\n"
      "net: {hidden: [32]}\noptim: {lr: 0.02}\ntrain: {steps: 200}\n";
  const auto loss = [&](const std::string& members, const std::string& seed) {
    return trial::grades_after_learning(yaml, all(), {"ensemble.members=" + members, "seed=" + seed})
        .at("test/loss");
  };
  double alone = 0, together = 0;
  for (const std::string seed : {"0", "1", "2"}) {
    alone += loss("1", seed);
    together += loss("5", seed);
  }
  CHECK(together < alone);
}

TEST_CASE("Without hidden layers the MLP is linear regression: it ends at the least squares",
          "[supervised][tricks]") {
  auto run = trial::session(
      "model: mlp\nmlp: {precision: float64}\ndata: {name: noisy_sine, batch_size: 105}\nnet: {hidden: []}\n"
      "optim: {algorithm: sgd, lr: 0.2}\ntrain: {steps: 300}\n",
      all());
  trial::learn(run);
  const auto data = training::data::NoisySine{}.load();
  const Tensor x = data.train.inputs().to(torch::kFloat64).select(1, 0),
               y = data.train.targets().to(torch::kFloat64).select(1, 0);
  const double slope =
      (((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()).item<double>();
  const double deviation = y.std(false).item<double>();  // the net's targets have deviation 1
  CHECK(run.registry.tensors().front().second.item<double>() == Approx(slope / deviation).epsilon(1e-5));
}

// At the optimum the gradient of the mean cross entropy is nothing: sum of (p - y) x = 0.
TEST_CASE("Without hidden layers the MLP is softmax regression: it ends where the slopes are nothing",
          "[supervised][tricks]") {
  for (const std::string data : {"moons, noise: 0.3", "ring, modes: 3, radius: 1, noise: 0.8"}) {
    auto run = trial::session("model: mlp\nmlp: {precision: float64}\ndata: {name: " + data +
                                  ", train_size: 200, test_size: 50, batch_size: 200}\nnet: {hidden: []}\n"
                                  "optim: {algorithm: sgd, lr: 2}\ntrain: {steps: 2000}\n",
                              all());
    double norm = 1;
    const training::Logger keep{[&](const std::string& metric, double value) {
                                  if (metric == "train/grad_norm") norm = value;
                                },
                                {}};
    while (run.progress() < 1) run.step(keep);
    INFO(data);
    CHECK(norm < 1e-5);
  }
}

TEST_CASE("Every optimiser, plateau and average goes on from a checkpoint bit for bit",
          "[supervised][tricks]") {
  const Scratch scratch;
  for (const std::string algorithm :
       {"adadelta", "adagrad", "adam", "adamw", "lion", "muon", "rmsprop", "sgd"}) {
    const std::vector<std::string> overrides{"optim.algorithm=" + algorithm,
                                             "optim.momentum=0.9",
                                             "optim.schedule=plateau",
                                             "optim.plateau_patience=2",
                                             "optim.swa_start=0.1",
                                             "optim.weight_decay=1e-3",
                                             "optim.l1=1e-5",
                                             "net.norm=batch",
                                             "net.dropout=0.2",
                                             "mlp.mixup=0.3",
                                             "mlp.label_smoothing=0.1"};
    auto unbroken = xor_mlp(overrides), resumed = xor_mlp(overrides);
    take_steps(unbroken, 30);
    training::save_checkpoint(unbroken, "name: x\n", scratch / "last.h5");
    take_steps(unbroken, 30);
    const Tensor drawn = torch::rand({3});
    training::load_checkpoint(resumed, scratch / "last.h5");
    take_steps(resumed, 30);
    INFO(algorithm);
    CHECK(torch::equal(all_numbers(unbroken), all_numbers(resumed)));
    CHECK(torch::equal(drawn, torch::rand({3})));  // training's noise stands where it stood
    unbroken.updater.swap_ema();
    resumed.updater.swap_ema();
    CHECK(torch::equal(all_numbers(unbroken), all_numbers(resumed)));
    const auto &one = unbroken.updater.groups().at("net"), &other = resumed.updater.groups().at("net");
    CHECK((one.averaged == other.averaged && one.averaged == 40));
    CHECK((one.plateau.factor == other.plateau.factor && one.plateau.factor < 1));
    CHECK((one.plateau.best == other.plateau.best && one.plateau.waited == other.plateau.waited));
  }
}

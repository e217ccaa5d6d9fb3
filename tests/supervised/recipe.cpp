// Karpathy's recipe: the loss at the start beside ln K and the best constant answer, and one batch fitted.
#include <cmath>

#include "agents/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/loop/baselines.h"

using supervised::all;
using training::Baselines;

namespace {

// What is logged by the first steps, each metric's last value.
std::map<std::string, double> logged_in(training::Session& session, int64_t steps,
                                        std::map<std::string, int64_t>* times = nullptr) {
  std::map<std::string, double> logged;
  const training::Logger keep{[&](const std::string& metric, double value) {
                                logged[metric] = value;
                                if (times) ++(*times)[metric];
                              },
                              {}};
  for (int64_t i = 0; i < steps; ++i) session.step(keep);
  return logged;
}

}  // namespace

TEST_CASE("The constant answer's loss is the entropy of the classes' shares", "[supervised][recipe]") {
  const Baselines coin = Baselines::of_classes(torch::tensor({0, 1, 1, 1}), 2);
  CHECK(coin.uniform == Approx(std::log(2)));
  CHECK(*coin.constant == Approx(-0.25 * std::log(0.25) - 0.75 * std::log(0.75)));
  CHECK(coin.majority == 0.75);
  const Baselines absent = Baselines::of_classes(torch::tensor({2, 2}), 4);  // no row of three classes
  CHECK(*absent.constant == 0);
  CHECK(absent.uniform == Approx(std::log(4)));
  const Baselines symbols = Baselines::of_classes(torch::tensor({{0, 1, -1}, {2, -1, -1}}), 3);
  CHECK(*symbols.constant == Approx(std::log(3)));  // negative ones do not count
  CHECK_FALSE(Baselines::of_classes({}, 3).constant);
}

TEST_CASE("Classifiers and language models log the loss at their start once, near ln K",
          "[supervised][recipe]") {
  for (const std::string name :
       {"bert", "cnn", "densenet", "ensemble", "gpt", "lstm", "mlp", "resnet", "seq2seq", "vit"}) {
    auto run = trial::session(all().at(name).trial, all());
    std::map<std::string, int64_t> times;
    const auto logged = logged_in(run, 3, &times);
    INFO(name);
    for (const char* metric : {"start/loss", "start/uniform", "start/constant", "start/majority"})
      CHECK(times.at(metric) == 1);
    CHECK(logged.at("start/loss") == Approx(logged.at("start/uniform")).epsilon(0.5));
    CHECK(logged.at("start/constant") <= logged.at("start/uniform") * (1 + 1e-9));
  }
}

TEST_CASE("Where nothing is learned yet and the last layer is 0, the loss is ln K exactly",
          "[supervised][recipe]") {
  for (const std::string backend : {"libtorch", "scratch"}) {
    auto run = trial::session(all().at("mlp").trial, all(),
                              {"net.out_gain=0", "net.init=xavier", "mlp.backend=" + backend});
    const auto logged = logged_in(run, 1);
    CHECK(logged.at("start/loss") == Approx(std::log(2)).epsilon(1e-6));
    CHECK(logged.at("start/uniform") == Approx(std::log(2)).epsilon(1e-12));
  }
}

TEST_CASE("Of standardised numbers the constant answer has a squared error of 1", "[supervised][recipe]") {
  auto run = trial::session(
      "model: mlp\ndata: {name: noisy_sine, batch_size: 105}\ntrain: {steps: 3}\n"
      "net: {hidden: [4], init: zeros}\n",
      all());
  const auto logged = logged_in(run, 1);
  CHECK(logged.at("start/constant") == 1);
  CHECK(logged.at("start/loss") == Approx(1).epsilon(1e-5));  // all zeros answer the mean, of the whole batch
  CHECK(logged.count("start/uniform") == 0);
}

// A net that sees nothing but zeros ends at the constant answer: what start/constant stands for.
TEST_CASE("Labels that have nothing to do with the inputs are learned no better than by a constant",
          "[supervised][recipe]") {
  const std::string yaml =
      "model: mlp\ndata: {name: ring, modes: 3, train_size: 3000, test_size: 3000, batch_size: 500, permute: "
      "labels}\n"
      "net: {hidden: []}\noptim: {lr: 0.05}\ntrain: {epochs: 20}\n";
  auto run = trial::session(yaml, all());
  const double constant = logged_in(run, 1).at("start/constant");
  trial::learn(run);
  CHECK(trial::grades(run)["test/loss"] == Approx(constant).epsilon(0.02));
}

TEST_CASE("Every family of classifiers fits one batch to a loss below .001", "[supervised][recipe]") {
  const std::vector<std::string> wide{"net.hidden=[64, 64]"}, still{"augment={padding: 0, flip: false}"};
  const std::map<std::string, std::vector<std::string>> families{
      {"cnn", {}},
      {"densenet", still},
      {"ensemble", {"net.hidden=[64, 64]", "ensemble.mixup=0"}},
      {"gpt", {"optim.weight_decay=0"}},
      {"lstm", {}},
      {"mlp", wide},
      {"resnet", still},
      {"vit", {}}};
  for (const auto& [name, own] : families) {
    std::vector<std::string> overrides{"train.overfit_batch=true", "optim.schedule=constant", "optim.lr=0.01",
                                       "data.batch_size=8", "train.steps=500"};
    overrides.insert(overrides.end(), own.begin(), own.end());
    auto run = trial::session(all().at(name).trial, all(), overrides);
    double loss = 1;
    const training::Logger keep{[&](const std::string& metric, double value) {
                                  if (metric == "train/loss") loss = value;
                                },
                                {}};
    while (run.progress() < 1 && loss > 1e-3) run.step(keep);
    INFO(name << ": " << loss);
    CHECK(loss <= 1e-3);
  }
}

TEST_CASE("An agent that gathers its own data has no batch to fit", "[supervised][recipe]") {
  const std::string said = refusal([] {
    trial::session("agent: reinforce\nenv: CartPole-v1\ntrain: {steps: 1, overfit_batch: true}\n",
                   agents::all());
  });
  CHECK(said.find("train.overfit_batch: reinforce gathers its own data") != std::string::npos);
}

// MLPs and nets of pictures: the loss, and that they learn what can be learnt and nothing else.
#include <cmath>

#include "supervised/all.h"
#include "supervised/task.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"

using supervised::all;

TEST_CASE("Cross entropy is -ln of the softmax, smoothing mixes in every class", "[supervised]") {
  const auto logits = torch::tensor({{2.0, 0.0, -1.0}}), label = torch::tensor({1});
  const double z = std::log(std::exp(2) + 1 + std::exp(-1));
  CHECK(supervised::cross_entropy(logits, label, 0).item<double>() == Approx(z));
  CHECK(supervised::cross_entropy(logits, label, 0.3).item<double>() ==
        Approx(0.7 * z + 0.1 * ((z - 2) + z + (z + 1))));
  CHECK(supervised::accuracy(torch::tensor({{1.0, 0.0}, {1.0, 0.0}}), torch::tensor({0, 1})) == 0.5);
}

TEST_CASE("An untrained classifier is at ln K", "[supervised]") {
  auto run = trial::session(all().at("mlp").trial, all());
  CHECK(trial::grades(run)["test/loss"] == Approx(std::log(2)).margin(0.1));
}

// The threshold of 0.9 is missed by the untrained learner and by one that learns permuted labels.
static void learns(const std::string& name, const std::string& seed) {
  const std::string& yaml = all().at(name).trial;
  auto untrained = trial::session(yaml, all(), {"seed=" + seed});
  INFO(name << " seed " << seed);
  CHECK(trial::grades(untrained)["test/accuracy"] < 0.9);
  CHECK(trial::grades_after_learning(yaml, all(), {"seed=" + seed})["test/accuracy"] > 0.95);
  CHECK(trial::grades_after_learning(yaml, all(), {"seed=" + seed, "data.permute=labels"})["test/accuracy"] <
        0.9);
}

TEST_CASE("The MLP learns XOR on three seeds", "[supervised]") {
  for (const std::string seed : {"0", "1", "2"}) learns("mlp", seed);
}

TEST_CASE("The CNN learns stripes on three seeds", "[supervised]") {
  for (const std::string seed : {"0", "1", "2"}) learns("cnn", seed);
}

TEST_CASE("The residual network learns stripes on three seeds", "[supervised]") {
  for (const std::string seed : {"0", "1", "2"}) learns("resnet", seed);
}

TEST_CASE("The dense network learns stripes on three seeds", "[supervised]") {
  for (const std::string seed : {"0", "1", "2"}) learns("densenet", seed);
}

TEST_CASE("The vision transformer learns stripes on three seeds", "[supervised]") {
  for (const std::string seed : {"0", "1", "2"}) learns("vit", seed);
}

TEST_CASE("Every classifier fits one batch", "[supervised]") {
  for (const std::string name : {"cnn", "densenet", "mlp", "resnet", "vit"}) {
    auto run = trial::session(all().at(name).trial, all(), {"train.overfit_batch=true"});
    double last = 0;
    const training::Logger keep{[&](const std::string& metric, double value) {
                                  if (metric == "train/accuracy") last = value;
                                },
                                {}};
    while (run.progress() < 1) run.step(keep);
    INFO(name);
    CHECK(last == 1);
  }
}

TEST_CASE("A class without a row to learn from is named", "[supervised]") {
  const Scratch scratch;
  const auto idx = [](std::string shape, std::string values) {
    return std::string("\0\0\x08", 3) + std::move(shape) + std::move(values);
  };
  std::string labels;
  for (int k = 0; k < 20; ++k) labels += char(k % 2 * 2);
  write_bytes(scratch / "rows", idx(std::string("\x02\0\0\0\x14\0\0\0\x01", 9), std::string(20, 'x')));
  write_bytes(scratch / "labels", idx(std::string("\x01\0\0\0\x14", 5), labels));
  const std::string rows = (scratch / "rows").string(), named = (scratch / "labels").string();
  const auto run = trial::session(
      "model: mlp\ntrain: {steps: 1}\ndata: {name: idx, batch_size: 4, train_inputs: " + rows +
          ", train_labels: " + named + ", test_inputs: " + rows + ", test_labels: " + named + "}",
      all());
  CHECK(run.registry.notes ==
        std::vector<std::string>{"data: of 3 classes these have no row to learn from: 1"});
  CHECK(trial::session(all().at("mlp").trial, all()).registry.notes.empty());
}

TEST_CASE("Equal seeds learn equal weights, other seeds others", "[supervised]") {
  for (const std::string name : {"cnn", "densenet", "mlp", "resnet", "vit"}) {
    const auto weights = [&](const std::string& seed) {
      auto run = trial::session(all().at(name).trial, all(), {"seed=" + seed, "train.steps=5"});
      trial::learn(run);
      return run.registry.tensors().front().second.clone();
    };
    INFO(name);
    CHECK(torch::equal(weights("3"), weights("3")));
    CHECK_FALSE(torch::equal(weights("3"), weights("4")));
  }
}

TEST_CASE("A classifier shows its confusion, its worst pictures, its map of the plane", "[supervised]") {
  const auto names = [](const std::string& learner) {
    auto run = trial::session(all().at(learner).trial, all(), {"train.steps=1"});
    std::vector<std::string> shown;
    for (const auto& picture : run.sample(9, 1).pictures) {
      int64_t numbers = 1;
      for (const int64_t n : picture.shape) numbers *= n;
      CHECK(int64_t(picture.data.size()) == numbers);
      shown.push_back(picture.name);
    }
    return shown;
  };
  CHECK(names("cnn") == std::vector<std::string>{"confusion", "reliability", "most_wrong"});
  CHECK(names("mlp") == std::vector<std::string>{"confusion", "reliability", "decisions"});
}

TEST_CASE("Data that do not fit a classifier are refused", "[supervised]") {
  const auto says = [](const std::string& learner, const std::string& data) {
    return refusal(
        [&] { trial::session("model: " + learner + "\ndata: " + data + "\ntrain: {steps: 1}\n", all()); });
  };
  CHECK(says("cnn", "xor").find("cnn needs pictures") != std::string::npos);
  CHECK(says("mlp", "donut").find("'donut' has no labels") != std::string::npos);
  CHECK(says("mlp", "{name: ring, modes: 1}").find("one class") != std::string::npos);
  CHECK(says("mlp", "{name: xor, batch_size: 5000}").find("batch_size 5000") != std::string::npos);
}

// net: {run: DIR}: another run's net as a part of a learner, by its shape and its weights.
#include "training/loop/net_of_run.h"

#include "agents/all.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"
#include "training/loop/transfer.h"

using namespace training;

namespace tests::net_of_run {

namespace {

std::string at(const Scratch& folder) { return folder.folder.string(); }

// A run folder of a learner that has learned a little.
Session trained(const Scratch& folder, const core::Table<training::Entry>& table, const std::string& learner,
                const std::vector<std::string>& overrides) {
  Session run = trial::session(table.at(learner).trial, table, overrides);
  trial::learn(run);
  save_weights(run, resolved(run.experiment), folder / "best.h5");
  write_bytes(folder / "run.h5", "");
  return run;
}

Session vae(const Scratch& folder) {
  return trained(folder, generative::all(), "vae",
                 {"train.steps=2", "net={channels: [4, 6], batch_norm: true, hidden: [12]}"});
}

Session built(const core::Table<training::Entry>& table, const std::string& learner,
              const std::vector<std::string>& overrides) {
  return trial::session(table.at(learner).trial, table, overrides);
}

std::map<std::string, torch::Tensor> tensors(const Session& session) {
  std::map<std::string, torch::Tensor> all;
  for (const auto& [name, tensor] : session.registry.tensors()) all[name] = tensor.detach().clone();
  return all;
}

bool is_output(const std::string& name) { return name.find("output.") != std::string::npos; }

}  // namespace

TEST_CASE("a classifier is made of a VAE's encoder without repeating its shape", "[training][transfer]") {
  const Scratch folder;
  const auto source = tensors(vae(folder));
  Session classifier =
      built(supervised::all(), "cnn",
            {"train.steps=3", "net={run: " + at(folder) + ", modules: [encoder -> net], freeze: true}"});
  const auto lines = training::transfer(classifier, folder / "best.h5");
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "  begin fresh: net/fc.output");
  trial::learn(classifier);
  int taken = 0;
  for (const auto& [name, tensor] : tensors(classifier)) {
    INFO(name);
    if (is_output(name)) continue;
    ++taken;
    CHECK(torch::equal(tensor, source.at("encoder" + name.substr(3))));
  }
  CHECK(taken == 14);  // two convolutions with their norms of four tensors each, a hidden layer
}

TEST_CASE("the resolved config holds the shape, and reads back where the run is gone",
          "[training][transfer]") {
  std::string config;
  {
    const Scratch folder;
    vae(folder);
    Session classifier =
        built(supervised::all(), "cnn", {"net={run: " + at(folder) + ", modules: [encoder -> net]}"});
    config = resolved(classifier.experiment);
  }
  core::Value root = core::parse_yaml(config, "best.h5");
  Experiment again = read_experiment(root, {supervised::all(), supervised::all()}, "again");
  CHECK(resolved(again) == config);
  CHECK(config.find("channels: [4, 6]") != std::string::npos);
  CHECK(config.find("  run: \"\"\n") != std::string::npos);
  CHECK_FALSE(again.train.init_from.outputs);
}

TEST_CASE("a policy and its value begin with the layers of a Q-network", "[training][transfer]") {
  const Scratch folder;
  const auto source =
      tensors(trained(folder, agents::all(), "dqn", {"train.steps=20", "net.hidden=[24, 20]"}));
  Session ppo =
      built(agents::all(), "ppo",
            {"env=CartPole-v1", "net={run: " + at(folder) + ", modules: [q -> policy/net, q -> value]}"});
  training::transfer(ppo, folder / "best.h5");
  const auto here = tensors(ppo);
  for (const std::string layer : {"hidden_1.weight", "hidden_1.bias", "hidden_2.weight", "hidden_2.bias"})
    for (const std::string part : {"policy/net.", "value/"})
      CHECK(torch::equal(here.at(part + layer), source.at("q/" + layer)));
  CHECK_FALSE(
      torch::equal(here.at("policy/net.output.weight"), source.at("q/output.weight").narrow(0, 0, 2)));
}

TEST_CASE("own keys go over the run's, and what then does not fit is told", "[training][transfer]") {
  const Scratch folder;
  vae(folder);
  Session classifier =
      built(supervised::all(), "cnn",
            {"net={run: " + at(folder) + ", modules: [encoder -> net], channels: [4, 7], dropout: 0.5}"});
  CHECK(resolved(classifier.experiment).find("dropout: 0.5") != std::string::npos);
  const std::string told = refusal([&] { training::transfer(classifier, folder / "best.h5"); });
  CHECK(told.find("net/conv_2.weight: here float32 [7, 4, 3, 3], there float32 [6, 4, 3, 3]") !=
        std::string::npos);
  CHECK(told.find("conv_1.weight") == std::string::npos);
}

TEST_CASE("a net that is none, or not of this learner's kind, is refused", "[training][transfer]") {
  const Scratch folder, other;
  vae(folder);
  const auto says = [&](const core::Table<training::Entry>& table, const std::string& learner,
                        const std::vector<std::string>& overrides) {
    return refusal([&] { built(table, learner, overrides); });
  };
  const auto ends = [](const std::string& told, const std::string& words) {
    INFO(told);
    CHECK(told == "command line:1:7: net.run: " + words);
  };
  const std::string net = "net={run: " + at(folder) + "}";
  ends(says(agents::all(), "ppo", {net}),
       "the net of " + (folder / "best.h5").string() + " has 'channels', which this learner's has not");
  ends(says(supervised::all(), "cnn", {"net={run: " + at(folder) + "/nowhere}"}),
       at(folder) + "/nowhere: no such run folder");
  ends(says(supervised::all(), "cnn", {net, "train.init_from=" + at(folder)}),
       "expected either this or train.init_from, found both");
  CHECK(says(supervised::all(), "cnn", {"net={run: " + at(folder) + ", modules: 3}"})
            .find("net.modules: expected a list") != std::string::npos);
  trained(other, agents::all(), "q_learning", {"train.steps=2"});
  ends(says(supervised::all(), "cnn", {"net={run: " + at(other) + "}"}),
       (other / "best.h5").string() + " is of a learner without a net");
}

}  // namespace tests::net_of_run

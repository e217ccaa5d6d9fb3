// atelier eval --judge: a classifier is trained once, and judges what a model of pictures makes.
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string judge_yaml =
    "model: cnn\n"
    "data: {name: stripes, train_size: 1000, test_size: 600}\n"
    "net: {channels: [4, 8], hidden: [16]}\n"
    "optim: {lr: 0.01}\n"
    "train: {steps: 60}\n";

static std::string vae_yaml(const std::string& steps) {
  return "model: vae\n"
         "data: {name: stripes, train_size: 1000, test_size: 100, batch_size: 50}\n"
         "net: {hidden: [64]}\n"
         "optim: {lr: 0.005}\n"
         "train: {steps: " +
         steps + "}\n";
}

// What the judge says of the last checkpoint.
static nlohmann::json verdict(const std::string& folder, const std::string& run) {
  const Output output = shell("cd " + folder + " && atelier eval " + run +
                              " --policy last --judge judge.yaml --json 2>/dev/null");
  INFO(output.text);
  REQUIRE(output.code == 0);
  return nlohmann::json::parse(output.text)[0].at("metrics");
}

TEST_CASE("a classifier judges pictures: what learned is nearer to the data than what did not",
          "[commands][judge]") {
  const Scratch scratch;
  scratch.write("judge.yaml", judge_yaml);
  for (const std::string steps : {"1", "300"})
    REQUIRE(shell("atelier run " + scratch.write("vae.yaml", vae_yaml(steps)) + " --quiet --out " +
                  (scratch / steps))
                .code == 0);
  const auto raw = verdict(scratch.str(), "1"), learnt = verdict(scratch.str(), "300");
  const auto of = [](const nlohmann::json& metrics, const std::string& name) {
    return metrics.at("judge/" + name).get<double>();
  };
  CHECK(of(learnt, "frechet_floor") >= 0);
  CHECK(of(learnt, "frechet_floor") < of(learnt, "frechet"));
  CHECK(of(learnt, "frechet") < of(raw, "frechet"));
  CHECK(of(raw, "frechet_floor") == of(learnt, "frechet_floor"));
  CHECK(of(learnt, "min_class_share") + of(learnt, "max_class_share") == Approx(1));  // two classes
}

TEST_CASE("the judge is trained once, and again when its experiment has changed", "[commands][judge]") {
  const Scratch scratch;
  REQUIRE(
      shell("atelier run " + scratch.write("vae.yaml", vae_yaml("1")) + " --quiet --out " + (scratch / "run"))
          .code == 0);
  const auto trains = [&](const std::string& yaml) {
    scratch.write("judge.yaml", yaml);
    const Output output = shell("cd " + scratch.str() + " && atelier eval run --judge judge.yaml");
    INFO(output.text);
    CHECK(output.code == 0);
    CHECK(output.text.find("judge/frechet") != std::string::npos);
    return output.text.find("training the judge judge.yaml") != std::string::npos;
  };
  CHECK(trains(judge_yaml));
  CHECK_FALSE(trains(judge_yaml));
  CHECK(trains(judge_yaml + "seed: 1\n"));
}

TEST_CASE("a judge that a run names is trained on its reader's word alone, where it is none of ours",
          "[commands][judge][bad_input]") {
  const Scratch scratch;
  scratch.write("judge.yaml", judge_yaml);
  scratch.write("vae.yaml", vae_yaml("1") + "target: {reach: [judge/frechet <= 1e9], judge: judge.yaml}\n");
  REQUIRE(shell("cd " + scratch.str() + " && atelier run vae.yaml --quiet --out run").code == 0);
  const std::string results = "cd " + scratch.str() + " && atelier results run ";
  const Output alone = shell(results), told = shell(results + "--judge judge.yaml");
  INFO(alone.text << told.text);
  CHECK(alone.code == 2);
  CHECK(alone.text.find("names the judge 'judge.yaml', which is none of the shipped") != std::string::npos);
  CHECK(alone.text.find("training") == std::string::npos);
  CHECK(told.code == 0);
  CHECK(told.text.find("training the judge judge.yaml") != std::string::npos);
}

TEST_CASE("what cannot judge or be judged is said before anything is trained", "[commands][judge]") {
  const Scratch scratch;
  scratch.write("vae.yaml", vae_yaml("1"));
  scratch.write("mlp.yaml", "model: mlp\ndata: xor\ntrain: {steps: 1}\n");
  scratch.write("judge.yaml", judge_yaml);
  REQUIRE(shell("cd " + scratch.str() + " && atelier run vae.yaml --quiet --out run").code == 0);
  REQUIRE(shell("cd " + scratch.str() + " && atelier run mlp.yaml --quiet --out points").code == 0);
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell("cd " + scratch.str() + " && atelier eval " + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  refused("run --judge vae.yaml", "--judge vae.yaml: 'vae' is no classifier");
  refused("run --judge mlp.yaml", "--judge mlp.yaml: its data are no pictures");
  refused("run --judge none.yaml", "none.yaml: no such file");
  CHECK_FALSE(std::filesystem::exists(scratch / "runs"));
  refused("points --judge judge.yaml", "samples no pictures of shape [1, 8, 8]");
}

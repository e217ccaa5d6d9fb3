// A program from outside the house (examples/outpost): what it brings has every command, and it is its own
// worker. It is built within this build; tests/outside.sh builds it from an installed tree.
#include <csignal>
#include <nlohmann/json.hpp>

#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static std::string example(const std::string& file) { return repository() + "/examples/outpost/" + file; }

static Output outpost(const Scratch& scratch, const std::string& words) {
  return shell("cd '" + scratch.str() + "'; outpost " + words);
}

static void holds(const Output& output, std::initializer_list<const char*> words) {
  INFO(output.text);
  CHECK(output.code == 0);
  for (const char* word : words) {
    INFO(word);
    CHECK(output.text.find(word) != std::string::npos);
  }
}

TEST_CASE("a stranger's names stand beside ours in list and describe", "[commands][strangers]") {
  const Scratch scratch;
  holds(outpost(scratch, "list"),
        {"Parking-v0\t", "CartPole-v1\t", "random_features\t", "mlp\t", "ppo\t", "spirals\t", "frames\t"});
  holds(outpost(scratch, "describe random_features"),
        {"Rahimi & Recht", "random_features.width", "valid/accuracy", "train/cross_entropy"});
  holds(outpost(scratch, "describe Parking-v0"), {"env.push", "Discrete(3)", "100 steps"});
  const Output unknown = outpost(scratch, "describe random_featurs");
  CHECK(unknown.code == 2);
  CHECK(unknown.text.find("did you mean 'random_features'?") != std::string::npos);
  const Output key = outpost(scratch, "run " + example("spirals.yaml") + " random_features.widht=1");
  CHECK(key.code == 2);
  CHECK(key.text.find("did you mean 'random_features.width'?") != std::string::npos);
  CHECK(shell("atelier run " + example("spirals.yaml")).text.find("unknown model 'random_features'") !=
        std::string::npos);
}

TEST_CASE("a stranger's model learns, is killed and resumed bit for bit", "[commands][strangers]") {
  const Scratch scratch;
  const std::string run = "run " + example("spirals.yaml") + " train.steps=6000 --quiet --out ";
  REQUIRE(outpost(scratch, run + "whole").code == 0);
  const Output killed =
      outpost(scratch, run +
                           "broken & pid=$!; until [ -e broken/best.h5 ] || ! kill -0 $pid; do "
                           "sleep 0.01; done; kill -KILL $pid; wait $pid; echo code $?");
  INFO(killed.text);
  REQUIRE(killed.text.find("code 137") != std::string::npos);
  const Output resumed = outpost(scratch, "run --resume broken --quiet");
  INFO(resumed.text);
  REQUIRE(resumed.code == 0);
  holds(outpost(scratch, "diff whole broken"), {});
  const Output graded = outpost(scratch, "eval whole --policy best --json");
  INFO(graded.text);
  CHECK(core::RunFile(scratch / "whole").rows("test/accuracy").back().value > 0.95);
  CHECK(graded.text.find("test/accuracy") != std::string::npos);
  holds(outpost(scratch, "sample whole"), {"sample_decisions.png"});
}

TEST_CASE("a stranger's program is its own worker, for seeds and sweeps", "[commands][strangers]") {
  const Scratch scratch;
  const Output seeds =
      outpost(scratch, "run " + example("spirals.yaml") + " train.steps=30 --seeds 2 --out seeds");
  holds(seeds, {"seed-0: finished", "seed-1: finished", "outpost report seeds"});
  holds(outpost(scratch, "report seeds --out page.html"), {"spirals"});
  scratch.write("sweep.yaml",
                "experiment: " + example("spirals.yaml") + "\nmethod: grid\nkeys: {train.steps: [10, 20]}\n");
  holds(outpost(scratch, "sweep sweep.yaml --out swept"), {"trial-000: finished", "trial-001: finished"});
}

TEST_CASE("our agents play a stranger's environment, and it is watched", "[commands][strangers]") {
  const Scratch scratch;
  holds(outpost(scratch, "env Parking-v0 --policy heuristic --episodes 2 --seed 0"), {"return"});
  const Output trained =
      outpost(scratch, "run " + example("parking.yaml") + " train.env_steps=2k --quiet --out run");
  INFO(trained.text);
  REQUIRE(trained.code == 0);
  holds(outpost(scratch, "watch run --policy best --max-steps 3 --frames frames && ls frames"), {".png"});
  holds(outpost(scratch, "eval run --episodes 3"), {"return"});
}

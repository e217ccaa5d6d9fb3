// atelier eval: one table for the seeds of each experiment.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static size_t mentions(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_CASE("eval names environment and episodes once and tells mean, deviation and interval in a table",
          "[commands][eval]") {
  const Scratch scratch;
  scratch.write("agent.yaml",
                "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 30}\n"
                "reinforce: {episodes_per_update: 2}\ntrain: {steps: 2}\neval: {episodes: 3}\n");
  scratch.write("model.yaml",
                "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 2}\n");
  REQUIRE(
      shell("cd " + scratch.str() + " && atelier run agent.yaml --seeds 3 && atelier run model.yaml --quiet")
          .code == 0);
  const Output output = shell("cd " + scratch.str() + " && atelier eval runs --episodes 10");
  INFO(output.text);
  REQUIRE(output.code == 0);
  CHECK(mentions(output.text, "on CartPole-v1, 10 episodes of each policy") == 1);
  CHECK(mentions(output.text, "deviation") == 1);  // a model has no episodes
  CHECK(mentions(output.text, "95 % interval") == 1);
  CHECK(mentions(output.text, "all 3") == 4);  // four metrics: best.h5 is last.h5
  CHECK(mentions(output.text, "0 of 3") == 1);
  CHECK(mentions(output.text, "; last.h5 does the same\n") == 2);
  CHECK(output.text.find("model (flow), test data") != std::string::npos);
  CHECK(output.text.find("nan") == std::string::npos);
  const Output few = shell("cd " + scratch.str() + " && atelier eval runs --episodes 3 | grep eval/length");
  INFO(few.text);
  CHECK(few.text.find("[-") == std::string::npos);  // no length is negative
}

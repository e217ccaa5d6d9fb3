// A run that was stopped before its first evaluation shows what it has.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

// Begins `yaml` in the folder and stops it once it is at work; its run is called `name`.
static void begin(const Scratch& scratch, const std::string& name, const std::string& yaml) {
  scratch.write(name + ".yaml", yaml);
  const Output output =
      stopped("cd " + scratch.str() + " && exec atelier run " + name + ".yaml --quiet --out " + name, "INT",
              {scratch / (name + "/last.h5")});
  INFO(output.text);
  REQUIRE(output.text.find("code 130") != std::string::npos);
  REQUIRE(!std::filesystem::exists(scratch / (name + "/best.h5")));
}

TEST_CASE("sample, watch and eval of a run without an evaluation take last.h5 and say so",
          "[commands][watch][stopped]") {
  const Scratch scratch;
  begin(scratch, "model",
        "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 1e9}\n");
  begin(scratch, "agent",
        "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\ntrain: {env_steps: 1e9}\n");
  const auto shows = [&](const std::string& words, const std::string& expected) {
    const Output output = shell("cd " + scratch.str() + " && atelier " + words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 0);
    CHECK(output.text.find(expected) != std::string::npos);
    CHECK((words.starts_with("eval") || output.text.find("this is last.h5") != std::string::npos));
  };
  shows("sample model --out model.png", "model.png");
  shows("sample model --policy best --out model.png", "model.png");
  shows("watch model --svg x.svg", "of model");
  shows("watch model --policy best --svg x.svg", "of model");
  shows("watch agent --svg x.svg", "agent seed 0 last.h5");
  shows("watch agent --policy best --svg x.svg", "agent seed 0 last.h5");
  shows("eval agent --episodes 2", "last");
}

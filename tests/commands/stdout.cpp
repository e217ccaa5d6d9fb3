// What a script catches: stdout is the folder alone, whatever is run and however.
#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string two_steps =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 2}\n"
    "eval: {episodes: 2}\n";

TEST_CASE("stdout is the folder alone: quiet, resumed, of seeds, of a sweep", "[commands][stdout]") {
  const Scratch scratch;
  scratch.write("x.yaml", two_steps);
  scratch.write("s.yaml", "experiment: x.yaml\nkeys: {optim.lr: [1e-3, 1e-2]}\n");
  const auto caught = [&](const std::string& words, const std::string& folder, bool silent) {
    const Output output = shell("cd " + scratch.str() + "; atelier " + words +
                                " > out 2> err; cat out; [ -s err ] && echo loud");
    INFO(words << '\n' << shell("cat " + scratch / "err").text);
    CHECK(output.text == folder + (silent ? "\n" : "\nloud\n"));
  };
  caught("run x.yaml --out one", "one", false);
  caught("run x.yaml --out one --force --quiet", "one", true);
  caught("run --resume one train.steps=3", "one", false);
  caught("run --resume one train.steps=4 --quiet", "one", true);
  caught("run x.yaml --seeds 2 --out two", "two", false);
  caught("run x.yaml --seeds 2 --out two --force --quiet", "two", true);
  caught("run --resume two train.steps=3 --quiet", "two", true);
  caught("run --resume two train.steps=4", "two", false);
  caught("sweep s.yaml --out swept", "swept", false);
  caught("sweep s.yaml --out still --quiet", "still", true);
}

TEST_CASE("a run knows what a person typed, also where a program started it", "[commands][stdout]") {
  const Scratch scratch;
  scratch.write("x.yaml", two_steps);
  scratch.write("s.yaml", "experiment: x.yaml\nkeys: {optim.lr: [1e-3]}\n");
  const Output output =
      shell("cd " + scratch.str() +
            " && atelier "
            "run x.yaml optim.lr=1e-3 --seeds 1 --out two; atelier sweep s.yaml --out swept");
  INFO(output.text);
  CHECK(core::RunFile(scratch / "two/seed-0").attribute("command") ==
        "atelier run x.yaml optim.lr=1e-3 --seeds 1 --out two");
  CHECK(core::RunFile(scratch / "swept/trial-000").attribute("command") ==
        "atelier sweep s.yaml --out swept");
}

TEST_CASE("a used-up budget proposes more than was done, and only a longer one sets a new horizon",
          "[commands][stdout]") {
  const Scratch scratch;
  scratch.write(
      "x.yaml",
      "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\nppo: {num_envs: 8, num_steps: 64}\n"
      "train: {env_steps: 100}\neval: {episodes: 2}\n");
  const Output output =
      shell("cd " + scratch.str() +
            " && atelier run x.yaml --quiet --out run; atelier run --resume run; atelier run "
            "--resume run train.env_steps=200; atelier run --resume run train.env_steps=1024");
  INFO(output.text);
  const auto says = [&](const std::string& words) { return output.text.find(words) != std::string::npos; };
  CHECK(
      says("used up its budget (env_steps 512 of 100); give it a longer one to go on, e.g. "
           "train.env_steps=1024\n"));
  CHECK(output.text.find("new horizon") == output.text.rfind("new horizon"));
  CHECK(says("new horizon"));
}

TEST_CASE("the whole time of a run is told, its sittings and evaluations included", "[commands][stdout]") {
  const Scratch scratch;
  scratch.write("x.yaml", two_steps);
  const auto wall = [&] { return core::h5::File::open(scratch / "run/run.h5").number("/", "wall_s"); };
  const std::string run = "cd " + scratch.str() + " && atelier run ";
  REQUIRE(shell(run + "x.yaml eval.episodes=3000 --out run").code == 0);
  const double first = wall();
  CHECK(first > core::RunFile(scratch / "run").last_row("eval/return_greedy")->wall_s);
  REQUIRE(shell(run + "--resume run train.steps=3").code == 0);
  CHECK(wall() > first);
}

TEST_CASE("a folder whose name begins like an option is told as a path", "[commands][stdout]") {
  const Scratch scratch;
  scratch.write("x.yaml", two_steps);
  const Output output = shell("cd " + scratch.str() + " && atelier run x.yaml '--out=-a b'");
  INFO(output.text);
  CHECK(output.text.find("next: atelier watch './-a b'\n") != std::string::npos);
}

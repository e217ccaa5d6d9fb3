// A shipped experiment or sweep goes by its name, whichever folder of experiments/ it lies in.
#include <set>
#include <sstream>

#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string brief =
    "agent: value_iteration\nenv: FrozenLake-v1\ntrain: {steps: 2}\neval: {episodes: 2}\n";

TEST_CASE("a shipped experiment is found by its name from any folder", "[commands][names]") {
  const Scratch scratch;
  const std::string in = "cd " + scratch.str() + " && ";
  for (const char* file :
       {"smoke", "smoke.yaml", "experiments/smoke.yaml", "experiments/studies/smoke.yaml"}) {
    const Output output = shell(in + "atelier run --validate-only " + file);
    INFO(file << output.text);
    CHECK(output.text == "smoke\n0\n");
    CHECK(output.code == 0);
  }
  // The caller's own file comes first; a folder of the name is none.
  scratch.write("smoke.yaml", "name: mine\n" + brief);
  std::filesystem::create_directory(scratch / "smoke");
  CHECK(shell(in + "atelier run --validate-only smoke.yaml").text == "mine\n0\n");
  CHECK(shell(in + "atelier run --validate-only smoke").text == "smoke\n0\n");
}

TEST_CASE("an unknown name is refused with the nearest one", "[commands][names][bad_input]") {
  const auto refused = [](const std::string& command, const std::string& said) {
    const Output output = shell("cd / && atelier " + command);
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(said) != std::string::npos);
  };
  refused("run cartpole_poo", "did you mean 'cartpole_ppo'?");
  refused("check experiments/fashion_mpl.yaml", "did you mean 'fashion_mlp'?");
  refused("sweep fashion_cnn_lrr", "did you mean 'fashion_cnn_lr'?");
  refused("run no/such/cartpole_ppo.yaml", "no/such/cartpole_ppo.yaml: no such file");
  refused("run qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "atelier list experiments");
}

TEST_CASE("a shipped sweep is found by its name, and finds its experiment", "[commands][names][sweep]") {
  const Scratch scratch;
  const std::string in = "cd " + scratch.str() + " && export ATELIER_HOME=$PWD/home && mkdir elsewhere && ";
  std::filesystem::create_directories(scratch / "home/experiments/sweeps");
  std::filesystem::create_directories(scratch / "home/experiments/agents");
  scratch.write("home/experiments/agents/quick.yaml", brief);
  scratch.write("home/experiments/sweeps/two.yaml",
                "experiment: experiments/quick.yaml\nkeys: {seed: [0, 1]}\n");
  const Output output = shell(in + "cd elsewhere && atelier sweep two --out here && ls here");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find("trial-001\n") != std::string::npos);
}

TEST_CASE("list shows each experiment with its folder, and no name is there twice", "[commands][names]") {
  std::istringstream lines(shell("atelier list experiments").text);
  std::set<std::string> names, folders;
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    const std::filesystem::path file = line.substr(0, line.find('\t'));
    CHECK(std::filesystem::exists(std::filesystem::path(tests::repository()) / file));
    CHECK(names.insert(file.stem().string()).second);
    CHECK(line.ends_with('.'));  // a whole sentence
    folders.insert(file.parent_path().string());
  }
  CHECK(folders == std::set<std::string>{"experiments/agents", "experiments/generative",
                                         "experiments/studies", "experiments/supervised",
                                         "experiments/sweeps"});
}

// The pieces of docs/analysis.md run on every kind of run.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

TEST_CASE(
    "the pieces of docs/analysis.md run on agents, flows, VAEs, GANs, classifiers and language models, "
    "and on those that were stopped before their first evaluation",
    "[commands][analysis]") {
  const Scratch scratch;
  const std::pair<const char*, const char*> kinds[] = {
      {"agent", "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\ntrain: {env_steps: 2048}\n"},
      {"flow", "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 4}\n"},
      {"vae", "model: vae\ndata: stripes\ntrain: {steps: 4}\n"},
      {"gan", "model: gan\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 4}\n"},
      {"classifier", "model: mlp\ndata: xor\ntrain: {steps: 4}\n"},
      {"language", "model: ngram\ndata: {name: copy}\ntrain: {steps: 1}\n"}};
  std::string names;
  for (const auto& [name, yaml] : kinds) {
    const std::string file = std::string(name) + ".yaml";
    scratch.write(file, yaml);
    const Output run = shell("cd " + scratch.str() + " && atelier run " + file + " --quiet");
    INFO(name << '\n' << run.text);
    REQUIRE(run.code == 0);
    names += std::string(names.empty() ? "" : ", ") + "'" + name + "'";
  }
  const std::pair<const char*, const char*> stopped_kinds[] = {
      {"stopped_agent",
       "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 30}\ntrain: {steps: 10M}\n"},
      {"stopped_vae", "model: vae\ndata: stripes\ntrain: {steps: 10M}\n"},
      {"stopped_classifier", "model: mlp\ndata: xor\ntrain: {steps: 10M}\n"}};
  for (const auto& [name, yaml] : stopped_kinds) {
    scratch.write(std::string(name) + ".yaml", yaml);
    const std::string run = std::string("runs/") + name + "/latest/seed-0";
    const Output output =
        shell(wait_for + "cd " + scratch.str() + "; atelier run " + name + ".yaml --quiet & a=$!; wait_for " +
              run + "/last.h5; sleep 1; kill -INT $a; wait $a; ls " + run);
    INFO(name << '\n' << output.text);
    REQUIRE(output.text.find("last.h5") != std::string::npos);
    REQUIRE(output.text.find("best.h5") == std::string::npos);
    names += std::string(", '") + name + "'";
  }
  scratch.write("pieces.py",
                "import re\n"
                "text = open('" +
                    repository() +
                    "/docs/analysis.md').read()\n"
                    "pieces = re.findall(r'```python\\n(.*?)```', text, re.S)\n"
                    "for kind in [" +
                    names +
                    "]:\n"
                    "    place = {}\n"
                    "    for piece in pieces:\n"
                    "        exec(piece.replace('runs/trial/latest', f'runs/{kind}/latest'), place)\n"
                    "    print(kind, 'is through')\n");
  const Output output = shell("cd " + scratch.str() + " && /usr/bin/python3 -W error pieces.py");
  INFO(output.text);
  CHECK(output.code == 0);
  for (const auto& [name, yaml] : kinds)
    CHECK(output.text.find('\n' + std::string(name) + " is through") != std::string::npos);
  for (const auto& [name, yaml] : stopped_kinds)
    CHECK(output.text.find(std::string(name) + " is through") != std::string::npos);
}

// The pieces of docs/analysis.md run on every kind of run.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

TEST_CASE("the pieces of docs/analysis.md run on agents, flows, VAEs, classifiers and language models",
          "[commands][analysis]") {
  const Scratch scratch;
  const std::pair<const char*, const char*> kinds[] = {
      {"agent", "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\ntrain: {env_steps: 2048}\n"},
      {"flow", "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 4}\n"},
      {"vae", "model: vae\ndata: stripes\ntrain: {steps: 4}\n"},
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
    CHECK(output.text.find(std::string(name) + " is through") != std::string::npos);
}

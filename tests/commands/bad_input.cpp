// What users get wrong: one clear message with place, expectation and finding; exit code 2; nothing written.
#include <algorithm>
#include <array>

#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string good =
    "agent: reinforce\n"
    "env: CartPole-v1\n"
    "train: {steps: 2}\n";

struct Case {
  const char* what;
  std::string yaml;
  std::vector<std::string> said;  // every one of these stands in the message
};

TEST_CASE("a wrong experiment file is refused with its place", "[commands][bad_input]") {
  const std::vector<Case> cases{
      {"unknown key",
       good + "optim: {learning_rate: 1e-3}\n",
       {"x.yaml:4:9: ", "unknown key 'optim.learning_rate'"}},
      {"unknown key, near one", good + "optim: {algoritm: adam}\n", {"did you mean 'optim.algorithm'"}},
      {"unknown section", good + "trian: {steps: 3}\n", {"x.yaml:4:1: ", "did you mean 'train'"}},
      {"wrong type",
       good + "optim: {lr: fast}\n",
       {"x.yaml:4:13: ", "optim.lr", "expected a number", "'fast'"}},
      {"a list where a number stands", good + "optim: {lr: [1, 2]}\n", {"x.yaml:4:13: ", "found a list"}},
      {"out of range",
       good + "reinforce: {gamma: 1.5}\n",
       {"x.yaml:4:20: ", "reinforce.gamma", "0 .. 1", "1.5"}},
      {"not whole", good + "eval: {episodes: 2.5}\n", {"eval.episodes", "whole number", "2.5"}},
      {"no such choice",
       good + "optim: {algorithm: adm}\n",
       {"rmsprop | sgd, found 'adm'", "did you mean 'adam'"}},
      {"duplicate key", good + "env: Pendulum-v1\n", {"x.yaml:4:1: ", "duplicate key 'env'", "line 2"}},
      {"empty file", "", {"x.yaml", "empty"}},
      {"only a comment", "# nothing\n", {"x.yaml", "empty"}},
      {"tabs", "agent: reinforce\n\tenv: CartPole-v1\n", {"x.yaml:2:1: ", "tab"}},
      {"not YAML", "agent: [reinforce\n", {"x.yaml:", "not valid YAML"}},
      {"a list at the top", "- agent\n", {"x.yaml:1:1: "}},
      {"unknown env",
       "agent: reinforce\nenv: CartPole-v9\ntrain: {steps: 2}\n",
       {"x.yaml:2:6: ", "unknown env 'CartPole-v9'", "CartPole-v"}},
      {"unknown agent",
       "agent: reinfroce\nenv: CartPole-v1\ntrain: {steps: 2}\n",
       {"x.yaml:1:8: ", "did you mean 'reinforce'"}},
      {"unknown model",
       "model: veu\ndata: moons\ntrain: {steps: 2}\n",
       {"x.yaml:1:8: ", "unknown model 'veu'", "vae"}},
      {"unknown data",
       "model: mlp\ndata: moonz\ntrain: {steps: 2}\n",
       {"x.yaml:2:7: ", "unknown data", "moons"}},
      {"letters for a GAN", "model: gan\ndata: anbn\ntrain: {steps: 2}\n", {"'anbn'", "rows of symbols"}},
      {"letters for a VAE", "model: vae\ndata: anbn\ntrain: {steps: 2}\n", {"'anbn'", "rows of symbols"}},
      {"a net in which pictures vanish",
       "model: cnn\ndata: stripes\nnet: {channels: [4, 4], per_block: 2, pool: 3}\ntrain: {steps: 2}\n",
       {"net.channels: pictures of 8 x 8 pixels vanish in convolution 4 of 4"}},
      {"patches that do not divide a picture",
       "model: vit\ndata: stripes\nnet: {patch: 3}\ntrain: {steps: 2}\n",
       {"net.patch: expected a side that divides pictures of 8 x 8 pixels, found 3"}},
      {"agent and model", good + "model: vae\n", {"found both"}},
      {"neither", "env: CartPole-v1\n", {"agent: NAME", "model: NAME"}},
      {"action space",
       "agent: reinforce\nenv: Pendulum-v1\ntrain: {steps: 2}\n",
       {"Discrete", "Pendulum-v1"}},
      {"no env", "agent: reinforce\ntrain: {steps: 2}\n", {"env"}},
      {"no budget", "agent: reinforce\nenv: CartPole-v1\n", {"exactly one budget"}},
      {"two budgets",
       "agent: reinforce\nenv: CartPole-v1\ntrain: {steps: 2, minutes: 1}\n",
       {"x.yaml:3", "found 2"}},
      {"seed too large", good + "seed: 9223372036854775808\n", {"x.yaml:4:7: ", "seed"}},
      {"negative seed", good + "seed: -1\n", {"seed", "-1"}},
      {"two units", good + "eval: {every: {steps: 1, epochs: 2}}\n", {"exactly one of"}},
      {"a budget that an agent does not count",
       "agent: ppo\nenv: CartPole-v1\ntrain: {epochs: 2}\n",
       {"train.epochs: ppo counts no epochs; expected steps, env_steps or minutes"}},
      {"a budget that a model does not count",
       "model: mlp\ndata: xor\ntrain: {env_steps: 10}\n",
       {"train.env_steps: mlp counts no env_steps; expected steps, epochs, samples or minutes"}},
      {"evaluations that would never come",
       good + "eval: {every: {samples: 5}}\n",
       {"eval.every: reinforce"}},
      {"a replay that cannot fit",
       "agent: dqn\nenv: CartPole-v1\ndqn: {buffer_size: 1e12}\ntrain: {env_steps: 5k}\n",
       {"dqn.buffer_size", "needs 60.1 TB of memory"}},
      {"learning that would never start",
       "agent: dqn\nenv: CartPole-v1\ndqn: {learning_starts: 6000}\ntrain: {env_steps: 5k}\n",
       {"dqn.learning_starts", "the budget of 5000 transitions, found it after 6000"}},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    const Scratch scratch;
    scratch.write("x.yaml", c.yaml);
    const Output output = shell("cd " + scratch.str() + " && atelier run x.yaml --out here");
    INFO(output.text);
    CHECK(output.code == 2);
    for (const auto& words : c.said) CHECK(output.text.find(words) != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "here"));
    CHECK(!std::filesystem::exists(scratch / "runs"));
  }
}

TEST_CASE("what stands on the command line is checked alike", "[commands][bad_input]") {
  const Scratch scratch;
  scratch.write("x.yaml", good);
  const auto said = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell("cd " + scratch.str() + " && atelier run " + arguments + " --out here");
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "here"));
  };
  said("missing.yaml", "missing.yaml: no such file");
  said("x.yaml optim.lr=quick", "optim.lr=quick");
  said("x.yaml optim.lrr=1", "did you mean 'optim.lr'");
  said("x.yaml seed=9223372036854775808", "seed");
  said("x.yaml --threads 0", "--threads");
  said("x.yaml --wrong", "--wrong");
  if (shell("ls /dev/nvidia0").code != 0) said("x.yaml --device cuda", "CUDA");
}

TEST_CASE("a folder that cannot be written is said before anything runs", "[commands][bad_input]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", good);
  const Output output = shell("atelier run " + file + " --out /proc/atelier");
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("/proc/atelier") != std::string::npos);
}

TEST_CASE("a run is replaced only by --force", "[commands][bad_input]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", good), out = scratch / "run";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + out).code == 0);
  const Output again = shell("atelier run " + file + " --quiet --out " + out);
  CHECK(again.code == 2);
  CHECK(again.text.find("--force") != std::string::npos);
  CHECK(shell("atelier run " + file + " --quiet --force --out " + out).code == 0);
}

TEST_CASE("a finished run resumes only with a longer budget", "[commands][bad_input]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", good), out = scratch / "run";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + out).code == 0);
  const Output finished = shell("atelier run --quiet --resume " + out);
  INFO(finished.text);
  CHECK(finished.code == 2);
  CHECK(finished.text.find("train.steps=") != std::string::npos);
  const Output other = shell("atelier run --quiet --resume " + out + " optim.lr=1");
  CHECK(other.code == 2);
  const Output longer = shell("atelier run --resume " + out + " train.steps=4");
  INFO(longer.text);
  CHECK(longer.code == 0);
  CHECK(longer.text.find("horizon") != std::string::npos);
}

TEST_CASE("broken run files are named, never a crash", "[commands][bad_input]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", good), out = scratch / "run";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + out).code == 0);
  std::filesystem::remove(scratch / "run/previous.h5");  // it would take the place of a broken last.h5
  const auto refused = [&](const std::string& line, const std::string& words) {
    const Output output = shell(line);
    INFO(line << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  std::filesystem::create_directory(scratch / "empty");
  refused("atelier eval " + (scratch / "empty"), "holds no run");
  refused("atelier eval " + (scratch / "nowhere"), "no such folder");
  refused("atelier sample " + out, "is an agent");
  shell("cp -r " + out + " " + (scratch / "cut") + " && truncate -s 3000 " + (scratch / "cut/last.h5"));
  refused("atelier eval --policy last " + (scratch / "cut"), "last.h5");
  refused("atelier run --resume " + (scratch / "cut") + " train.steps=9", "last.h5");
  shell("cp -r " + out + " " + (scratch / "foreign") + " && echo hello > " + (scratch / "foreign/run.h5"));
  refused("atelier report " + (scratch / "foreign"), "run.h5");
  shell("cp -r " + out + " " + (scratch / "half") + " && truncate -s 9000 " + (scratch / "half/run.h5"));
  refused("atelier report " + (scratch / "half"), "half/run.h5: is not a whole HDF5 file");
  shell("cp -r " + out + " " + (scratch / "empty") + " && truncate -s 0 " + (scratch / "empty/run.h5"));
  refused("atelier report " + (scratch / "empty"), "empty/run.h5: is not a whole HDF5 file");
  shell("cp -r " + out + " " + (scratch / "newer"));
  core::h5::File::open(scratch / "newer/run.h5", true).set("/", "format_version", int64_t{99});
  refused("atelier report " + (scratch / "newer"), "was written by a newer Atelier (format 99");
  refused("atelier eval " + (scratch / "foreign"), "run.h5");
  shell("cp -r " + out + " " + (scratch / "mixed") + " && cp " + (scratch / "mixed/run.h5") + " " +
        (scratch / "mixed/last.h5"));
  refused("atelier eval --policy last " + (scratch / "mixed"), "no checkpoint");
}

TEST_CASE("a checkpoint of another shape is refused with a readable difference", "[commands][bad_input]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", good), out = scratch / "run";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + out).code == 0);
  const Output output = shell("atelier run " + file + " 'net.hidden=[7]' --quiet --out " + (scratch / "b") +
                              " train.init_from=" + out);
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("expected float32 [7, 4]") != std::string::npos);
  CHECK(!std::filesystem::exists(scratch / "b"));
}

TEST_CASE("broken data files are named with what was expected", "[commands][bad_input]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& data, const std::string& words) {
    const std::string file = scratch.write("x.yaml", "model: mlp\ndata: " + data + "\ntrain: {steps: 2}\n");
    const Output output = shell("cd " + scratch.str() + " && atelier run " + file + " --out here");
    INFO(data << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "here"));
  };
  scratch.write("bad.csv", "a,b,label\n1,2,0\n1,x,1\n");
  refused("{name: csv, path: " + (scratch / "bad.csv") + ", target: label}", "bad.csv:3");
  refused("{name: csv, path: " + (scratch / "none.csv") + ", target: label}", "none.csv");
}

TEST_CASE("watching without a display names --frames and --record", "[commands][bad_input]") {
  const Output output = shell("env -u DISPLAY -u WAYLAND_DISPLAY atelier watch CartPole-v1");
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("--frames") != std::string::npos);
  CHECK(output.text.find("--record") != std::string::npos);
}

TEST_CASE("a flow refuses rows that have no two halves", "[commands][bad_input]") {
  const std::vector<std::array<std::string, 2>> cases{
      {"a,b,c\n1,5,2\n2,4,4\n3,9,1\n4,1,7\n5,2,3\n", "3 numbers;"}, {"a\n1\n2\n3\n4\n5\n", "1 number;"}};
  for (const auto& [table, found] : cases) {
    INFO(found);
    const Scratch scratch;
    scratch.write("x.csv", table);
    scratch.write("x.yaml", "model: flow\ndata: {name: csv, path: x.csv}\ntrain: {steps: 2}\n");
    const Output output = shell("cd " + scratch.str() + " && atelier run x.yaml --out here");
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(found) != std::string::npos);
    CHECK(output.text.find("couplings need an even number") != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "here"));
  }
}

// All that asks: tests/training/memory.cpp.
TEST_CASE("what no memory could hold ends a run before it begins", "[commands][bad_input]") {
  const std::vector<std::array<std::string, 2>> cases{
      {"env: CartPole-v1\ntrain: {steps: 2}\nagent: ppo\nnet: {hidden: [100000000]}\n",
       "net.hidden: 1e+08 hidden units for all transitions"},
      {"train: {steps: 2}\nmodel: vae\ndata: stripes\nvae: {latent: 1e11}\n", "net: "}};
  for (const auto& [yaml, words] : cases) {
    const Scratch scratch;
    const Output output =
        shell("cd " + scratch.str() + " && atelier run " + scratch.write("x.yaml", yaml) + " --out here");
    INFO(yaml << "\n" << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
    CHECK(output.text.find("of memory, and ") != std::string::npos);
    CHECK(std::count(output.text.begin(), output.text.end(), '\n') == 1);
    CHECK(!std::filesystem::exists(scratch / "here"));
  }
}

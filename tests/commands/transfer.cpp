// train.init_from: {run: DIR, modules: [...], freeze: true} as a user writes it.
#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string one =
    "model: mlp\n"
    "data: {name: xor, train_size: 200, test_size: 50, batch_size: 20}\n"
    "net: {hidden: [8]}\n"
    "train:\n"
    "  steps: 20\n";

static std::vector<float> weights(const std::string& file, const std::string& layer) {
  return core::h5::File::open(file).read<float>("/parameters/net/" + layer + ".weight",
                                                {core::h5::any, core::h5::any});
}

static void train_one(const Scratch& scratch) {
  REQUIRE(
      shell("atelier run " + scratch.write("one.yaml", one) + " --quiet --out " + (scratch / "one")).code ==
      0);
}

// Begins `two` by a file that takes the first layer of `one`, frozen, and leaves its output.
static void begin_frozen(const Scratch& scratch, const std::string& file, const std::string& two) {
  const Output begun = shell("cd / && atelier run " + file + " --out " + two);  // relative to the file
  INFO(begun.text);
  REQUIRE(begun.code == 0);
  CHECK(begun.text.find("one/best.h5, frozen: net/hidden_1") != std::string::npos);
  CHECK(begun.text.find("begin fresh: net/output") != std::string::npos);
  const auto source = weights(scratch / "one/best.h5", "hidden_1");
  CHECK(source.size() == 16);
  CHECK(weights(two + "/last.h5", "hidden_1") == source);
  CHECK(weights(two + "/last.h5", "output") != weights(scratch / "one/best.h5", "output"));
}

TEST_CASE("a run begins with a part of another, which stays as it is", "[commands][transfer]") {
  const Scratch scratch;
  train_one(scratch);
  const std::string file = scratch.write(
      "two.yaml", one + "  init_from: {run: one, modules: [net/hidden_1], freeze: true}\nseed: 1\n");
  const std::string two = scratch / "two";
  const auto source = weights(scratch / "one/best.h5", "hidden_1");
  begin_frozen(scratch, file, two);
  CHECK(!core::h5::File::open(two + "/last.h5").exists("/optim/net/exp_avg/net/hidden_1.weight"));
  REQUIRE(shell("rm -r " + (scratch / "one")).code == 0);  // a resume needs it no more
  const Output resumed = shell("atelier run --resume " + two + " train.steps=40 && atelier eval " + two);
  INFO(resumed.text);
  CHECK(resumed.code == 0);
  CHECK(weights(two + "/last.h5", "hidden_1") == source);
}

TEST_CASE("parts that are none, and runs that are none, are told where they stand", "[commands][transfer]") {
  const Scratch scratch;
  train_one(scratch);
  const auto refused = [&](const std::string& init_from, const std::string& words) {
    const std::string file = scratch.write("x.yaml", one + "  init_from: " + init_from + "\n");
    const Output output = shell("cd " + scratch.str() + " && atelier check x.yaml");
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  refused(
      "{run: one, modules: [net/hiden_1]}",
      "x.yaml:6:20: train.init_from: this learner has no part 'net/hiden_1', did you mean 'net/hidden_1'?");
  refused("{run: one, modules: [encoder -> net]}", "the file has no 'encoder/hidden_1.weight'");
  refused("{run: nowhere}",
          "x.yaml:6:20: train.init_from: " + (scratch / "nowhere") + ": no such run folder");
  refused("{run: one, freze: true}", "did you mean 'train.init_from.freeze'?");
  refused("{run: one, freeze: true}", "leaves the update 'net' nothing to learn");
  CHECK(shell("atelier describe mlp").text.find("train.init_from.freeze") == std::string::npos);
  CHECK(shell("atelier describe experiment").text.find("train.init_from.freeze") != std::string::npos);
}

TEST_CASE("a net is another run's by `net.run`, whose shape is not repeated", "[commands][transfer]") {
  const Scratch scratch;
  train_one(scratch);
  const std::string file = scratch.write("two.yaml",
                                         "model: mlp\n"
                                         "data: {name: xor, train_size: 100, test_size: 50, batch_size: 20}\n"
                                         "net: {run: one, freeze: true}\n"
                                         "train: {steps: 20}\n"
                                         "seed: 1\n");
  const std::string two = scratch / "two";
  const auto source = weights(scratch / "one/best.h5", "hidden_1");
  begin_frozen(scratch, file, two);
  REQUIRE(shell("rm -r " + (scratch / "one")).code == 0);  // a resume needs it no more
  const Output resumed = shell("atelier run --resume " + two + " train.steps=40 && atelier eval " + two);
  INFO(resumed.text);
  CHECK(resumed.code == 0);
  CHECK(weights(two + "/last.h5", "hidden_1") == source);
  const Output gone = shell("atelier check " + file);
  CHECK(gone.code == 2);
  CHECK(gone.text.find("two.yaml:3:12: net.run: " + (scratch / "one") + ": no such run folder") !=
        std::string::npos);
  CHECK(shell("atelier describe mlp").text.find("net.run") != std::string::npos);
  CHECK(shell("atelier describe q_learning").text.find("net.run") == std::string::npos);
}

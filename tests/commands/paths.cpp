// Data beside an experiment file, and commands from other folders.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string own_text =
    "model: ngram\n"
    "data: {name: text, file: own.txt, block: 8, batch_size: 4}\n"
    "train: {steps: 1}\n";

static void works(const Scratch& scratch, const std::string& command) {
  const Output output = shell("cd " + scratch.str() + " && mkdir -p elsewhere && " + command);
  INFO(command << '\n' << output.text);
  CHECK(output.code == 0);
}

static std::string sentences() {
  std::string all;
  for (int k = 0; k < 50; ++k) all += "the cat sat on the mat\n";
  return all;
}

TEST_CASE("data lie beside their experiment file, and a run knows them from any folder",
          "[commands][paths]") {
  const Scratch scratch;
  std::filesystem::create_directories(scratch / "project");
  scratch.write("project/own.txt", sentences());
  scratch.write("project/x.yaml", own_text);
  works(scratch, "atelier run project/x.yaml --quiet --out a");
  works(scratch, "cd elsewhere && atelier eval ../a && atelier sample ../a --n 5");
  works(scratch, "cd elsewhere && atelier run --resume ../a train.steps=2 --quiet");
  works(scratch, "cd project && atelier run x.yaml --quiet --out ../b data.file=own.txt");
  works(scratch, "cd elsewhere && atelier eval ../b");
  const Output lost =
      shell("cd " + scratch.str() + " && atelier run project/x.yaml data.file=own.txt --out c");
  CHECK(lost.code == 2);
  CHECK(lost.text.find(scratch / "own.txt") != std::string::npos);  // where it was looked for
}

TEST_CASE("a sweep's experiment and its paths lie beside its file", "[commands][paths]") {
  const Scratch scratch;
  std::filesystem::create_directories(scratch / "project");
  scratch.write("project/own.txt", sentences());
  scratch.write("project/other.txt", sentences());
  scratch.write("project/x.yaml", own_text);
  scratch.write("project/s.yaml", "experiment: x.yaml\nkeys: {data.file: [own.txt, other.txt]}\n");
  works(scratch, "cd elsewhere && atelier sweep ../project/s.yaml --out swept");
  works(scratch, "atelier eval elsewhere/swept");
}

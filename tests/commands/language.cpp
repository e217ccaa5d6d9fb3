// Texts from the command line: what a trained language model writes, and what it refuses.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string tiny_text =
    "model: gpt\n"
    "net: {layers: 1, heads: 2, width: 8}\n"
    "data: {name: text, file: x.txt, block: 8, batch_size: 4}\n"
    "train: {steps: 3}\n";

static std::string repeated(const std::string& words) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += words;
  return text;
}

// A run on `x.txt` in the folder, whose name is told.
static std::string trained(const Scratch& scratch) {
  scratch.write("x.txt", repeated("the cat\n"));
  scratch.write("x.yaml", tiny_text);
  const Output output = shell("cd " + scratch.str() + " && atelier run x.yaml --quiet --out run");
  INFO(output.text);
  REQUIRE(output.code == 0);
  return "cd " + scratch.str() + " && atelier ";
}

TEST_CASE("a language model goes on from a prompt", "[commands][language]") {
  const Scratch scratch;
  const std::string atelier = trained(scratch);
  const Output text = shell(atelier + "sample run --prompt 'the ' --n 20 --temperature 0.5 --top-k 3");
  INFO(text.text);
  CHECK(text.code == 0);
  CHECK(text.text.substr(0, 4) == "the ");
  CHECK(text.text.size() == 4 + 20 + 1);  // and the end of the line
  CHECK(shell(atelier + "sample run --prompt 'the ' --n 20 --temperature 0.5 --top-k 3").text == text.text);
  const Output file = shell(
      atelier + "sample run --prompt 'the ' --n 20 --temperature 0.5 --top-k 3 --out a.txt; cat a.txt; echo");
  CHECK(file.text == "a.txt\n" + text.text);
}

TEST_CASE("a language model refuses strange characters and another vocabulary", "[commands][language]") {
  const Scratch scratch;
  const std::string atelier = trained(scratch);
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell(atelier + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  refused("sample run --prompt 'the dog'", "'d' (U+0064) is none of the 8 characters");
  refused("sample run --temperature -1", "--temperature");
  scratch.write("x.txt", repeated("the tax\n"));   // seven characters, too
  CHECK(shell(atelier + "sample run").code == 0);  // the weights know their own characters
  refused("eval run", "vocabulary of another checkpoint");
  refused("run --resume run train.steps=6", "vocabulary of another checkpoint");
  refused("run x.yaml --out other train.init_from=run", "vocabulary of another checkpoint");
  CHECK(!std::filesystem::exists(scratch / "other"));
}

TEST_CASE("a text that does not do is refused before anything is written", "[commands][language]") {
  const Scratch scratch;
  scratch.write("x.yaml", tiny_text);
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell("cd " + scratch.str() + " && atelier run x.yaml --out here " + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "here"));
  };
  refused("", "x.txt: no such file or folder");
  scratch.write("x.txt", repeated("the cat\n"));
  refused("data.block=40", "windows of data.block = 40 need at least 41");
  refused("net.heads=3", "3 heads do not divide");
  scratch.write("x.txt", "caf\xe9");
  refused("", "byte 4 (0xE9) in line 1 is not UTF-8");
}

TEST_CASE("a model of pictures takes no prompt", "[commands][language]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", "model: mlp\ndata: xor\ntrain: {steps: 1}\n");
  REQUIRE(shell("atelier run " + file + " --quiet --out " + (scratch / "run")).code == 0);
  const Output output = shell("atelier sample " + (scratch / "run") + " --prompt hello");
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("'mlp' writes no text") != std::string::npos);
}

TEST_CASE("a language model writes without the text that it was trained on", "[commands]") {
  const Scratch scratch;
  scratch.write("a.txt", [] {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "the cat sat on the mat. ";
    return text;
  }());
  for (const char* model : {"gpt", "lstm", "ngram"}) {
    const std::string run = scratch / model;
    const std::string net = model == std::string("gpt") ? "net: {layers: 1, heads: 2, width: 8}\n" : "";
    scratch.write("x.yaml", std::string("model: ") + model +
                                "\ndata: {name: text, file: a.txt, block: 16, batch_size: 8}\n" + net +
                                "train: {steps: 3}\n");
    REQUIRE(shell("cd " + scratch.str() + " && atelier run x.yaml --quiet --out " + run).code == 0);
    const std::string sample =
        "cd " + scratch.str() + " && atelier sample " + run + " --n 40 --prompt 'the '";
    const Output before = shell(sample);
    const Output after = shell("cd " + scratch.str() + " && mv a.txt b.txt && atelier sample " + run +
                               " --n 40 --prompt 'the '");
    const Output graded = shell("cd " + scratch.str() + " && atelier eval " + run);
    const Output back = shell("cd " + scratch.str() + " && mv b.txt a.txt && atelier eval " + run);
    INFO(model << ": " << before.text << "\n" << after.text << "\n" << graded.text);
    CHECK(before.code == 0);
    CHECK(after.code == 0);
    CHECK(after.text == before.text);
    CHECK(graded.code == 2);
    CHECK(graded.text.find("a.txt: no such file") != std::string::npos);
    CHECK(back.code == 0);
  }
}

TEST_CASE("byte pairs travel with the weights", "[commands][language]") {
  const Scratch scratch;
  scratch.write("a.txt", [] {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "the cat sat in the caf\xc3\xa9. ";
    return text;
  }());
  scratch.write(
      "x.yaml",
      "model: gpt\ndata: {name: text, file: a.txt, tokens: byte_pairs, merges: 20, block: 8, batch_size: 8}\n"
      "net: {layers: 1, heads: 2, width: 8}\ntrain: {steps: 3}\n");
  const auto at = [&](const std::string& command) { return shell("cd " + scratch.str() + " && " + command); };
  REQUIRE(at("atelier run x.yaml --quiet --out run").code == 0);
  CHECK(at("atelier eval run").text.find("per_character") != std::string::npos);
  const std::string sample = "atelier sample run --n 40 --prompt '\xe2\x82\xac any bytes \xff'";
  const Output before = at(sample), after = at("mv a.txt b.txt && " + sample);
  INFO(before.text);
  CHECK(before.code == 0);
  CHECK(before.text.find("\xe2\x82\xac any bytes \xef\xbf\xbd") != std::string::npos);
  CHECK(after.text == before.text);
  REQUIRE(at("mv b.txt a.txt && sed -i s/cat/dog/g a.txt").code == 0);
  const Output other = at("atelier eval run");  // other pairs are learned from it
  CHECK(other.code == 2);
  CHECK(other.text.find("vocabulary of another checkpoint") != std::string::npos);
}

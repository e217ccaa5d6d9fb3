// Weights keep their meaning where the data that they learned from are gone.
#include <algorithm>

#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

// Forty points of the plane with classes.
static std::string points() {
  std::string table = "x,y,kind\n";
  for (int i = 0; i < 40; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(i % 5 - 2) + (i % 2 ? ",red\n" : ",blue\n");
  return table;
}

// Sixteen pictures of 4 x 4, and as many for the test: the IDX format's header, then grey values.
static std::string pictures() {
  std::string file("\0\0\x08\x03\0\0\0\x10\0\0\0\x04\0\0\0\x04", 16);
  for (int i = 0; i < 256; ++i) file += static_cast<char>(i);
  return file;
}

TEST_CASE("what a model samples needs no data", "[commands][sample]") {
  struct Row {
    std::string yaml, with, without;  // pictures with the data, and without
  };
  const std::string table = "data: {name: csv, path: data, batch_size: 4, columns: [x, y]",
                    images = "data: {name: idx, train_inputs: data, test_inputs: data, batch_size: 4}\n";
  const std::vector<Row> rows{
      {"model: vae\nvae: {latent: 2}\n" + images, "interpolations latents reconstructions samples",
       "samples"},
      {"model: vae\nvae: {likelihood: gaussian}\n" + table + "}\n", "latents samples", "samples"},
      {"model: gan\n" + table + "}\n", "critic samples", "critic samples"},
      {"model: flow\n" + table + "}\n", "density latents samples warp", "density samples warp"},
      {"model: mlp\n" + table + ", target: kind}\n", "confusion decisions reliability", "decisions"}};
  for (const auto& [yaml, with, without] : rows) {
    INFO(yaml);
    const Scratch scratch;
    const auto in = [&](const std::string& command) {
      return shell("cd '" + scratch.str() + "' && " + command);
    };
    const auto sampled = [&](const std::string& shown) {
      const Output output = in("rm -f run/sample_*; atelier sample run --n 8");
      INFO(output.text);
      CHECK(output.code == 0);
      CHECK(in("ls run | sed -n 's/^sample_\\(.*\\)\\..*/\\1/p' | xargs").text == shown + "\n");
      return output.text;
    };
    scratch.write("data", yaml.find("idx") != std::string::npos ? pictures() : points());
    scratch.write("x.yaml", yaml + "train: {steps: 2}\nrecord: {n: 4}\nnet: {" +
                                (yaml.find("vae") != std::string::npos ? "hidden: [4]}\n" : "}\n"));
    const Output run = in("atelier run x.yaml --quiet --out run");
    INFO(run.text);
    REQUIRE(run.code == 0);
    CHECK(sampled(with).find("note:") == std::string::npos);
    const std::string drawn = in("cat run/sample_* | sha256sum").text;
    REQUIRE(in("mv data elsewhere").code == 0);
    const std::string said = sampled(without);
    const std::string gone = scratch / "data: no such file";
    CHECK((said.find("note: without held-out rows, which cannot be read (" + gone) != std::string::npos) ==
          (with != without));
    if (with == without) CHECK(in("cat run/sample_* | sha256sum").text == drawn);
    const Output graded = in("atelier eval run");
    CHECK(graded.code == 2);
    CHECK(graded.text.find(gone) != std::string::npos);
  }
}

TEST_CASE("a GAN that was told classes samples one of them, and refuses one that is none",
          "[commands][sample]") {
  const Scratch scratch;
  const auto in = [&](const std::string& command) {
    return shell("cd '" + scratch.str() + "' && " + command);
  };
  scratch.write("x.yaml",
                "model: gan\ngan: {latent: 2, condition: class, spectral_norm: true}\nnet: {hidden: [8]}\n"
                "train: {steps: 5}\ndata: {name: stripes, train_size: 100, test_size: 50, batch_size: 10}\n");
  REQUIRE(in("atelier run x.yaml --quiet --out told").code == 0);
  REQUIRE(in("atelier run x.yaml gan.condition=none --quiet --out untold").code == 0);
  const auto drawn = [&](const std::string& wish) {
    const Output output = in("atelier sample told --n 4 --out a.png " + wish + " && sha256sum a.png");
    INFO(output.text);
    CHECK(output.code == 0);
    return output.text;
  };
  CHECK(drawn("--class vertical") == drawn("--class 1"));
  CHECK(drawn("--class vertical") != drawn("--class horizontal"));
  for (const auto& [arguments, words] : std::vector<std::pair<std::string, std::string>>{
           {"told --class 2", "class: '2' is none of the 2 classes, 0 .. 1"},
           {"told --class -1", "class: '-1' is none of the 2 classes"},
           {"untold --class vertical", "--class: model 'gan' was not told of classes"}}) {
    const Output output = in("atelier sample " + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  }
}

TEST_CASE("a model that was told classes samples one of them, others refuse", "[commands][sample]") {
  const Scratch scratch;
  const auto in = [&](const std::string& command) {
    return shell("cd '" + scratch.str() + "' && " + command);
  };
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = in("atelier sample " + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  scratch.write("x.yaml",
                "model: vae\nvae: {latent: 2, condition: class}\nnet: {hidden: [8]}\ntrain: {steps: 5}\n"
                "data: {name: stripes, train_size: 100, test_size: 50, batch_size: 10}\n");
  REQUIRE(in("atelier run x.yaml --quiet --out told").code == 0);
  REQUIRE(in("atelier run x.yaml vae.condition=none --quiet --out untold").code == 0);
  const auto drawn = [&](const std::string& arguments) {
    const Output output = in("atelier sample told --n 4 --out a.png " + arguments + " && sha256sum a.png");
    INFO(output.text);
    CHECK(output.code == 0);
    return output.text;
  };
  CHECK(drawn("--class vertical") == drawn("--class 1"));
  CHECK(drawn("--class vertical") != drawn("--class horizontal"));
  CHECK(drawn("--temperature 0") != drawn(""));
  refused("told --class 2", "class: '2' is none of the 2 classes, 0 .. 1");
  refused("told --class vertcal", "did you mean 'vertical'?");
  refused("told --prompt hello", "--prompt: model 'vae' writes no text");
  refused("untold --class vertical", "--class: model 'vae' was not told of classes");
  CHECK(in("atelier sample told --n 4 --out bare && ls bare.png").code == 0);  // no ending: the one that fits
  const Output data = in("atelier run x.yaml data=checkerboard vae.likelihood=gaussian --out none");
  INFO(data.text);
  CHECK(data.code == 2);
  CHECK(data.text.find("vae.condition: 'checkerboard' has no class for each row") != std::string::npos);
}

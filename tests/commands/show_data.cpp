// atelier describe DATA --picture: numbers and a picture of a data set, or one line that says what is wrong.
#include <algorithm>
#include <array>
#include <vector>

#include "core/formats/png.h"
#include "core/path.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string png_signature = "\x89PNG";

TEST_CASE("describe --picture tells rows, shapes, ranges and classes, and draws twenty rows",
          "[commands][show_data]") {
  const Scratch scratch;
  const auto shown = [&](const std::string& arguments, const std::vector<std::string>& words) {
    const Output output = shell("cd " + scratch.str() + " && rm -f x.png && atelier describe " + arguments +
                                " --picture x.png");
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 0);
    for (const std::string& word : words) {
      INFO(word);
      CHECK(output.text.find(word) != std::string::npos);
    }
    CHECK(shell("head -c 4 " + (scratch / "x.png")).text == png_signature);
  };
  shown("xor data.train_size=100 data.test_size=40",
        {"train       100 rows\n  inputs    float32 [2], -", "validation  40 rows\n",
         "targets   int64 [], 0 .. 1", "opposite signs\n", "equal signs\n", "x.png\n"});
  shown("stripes data.train_size=30", {"inputs    uint8 [1, 8, 8], 0 .. 2", "  vertical\n"});
  shown("noisy_sine", {"targets   float32 [1], ", "mean "});
  shown("anbn", {"int64 [", "entropy     2.3979 nats"});
  shown("shapes data.train_size=20 data.test_size=5", {"boxes     float32 [20, 4], "});
  scratch.write("t.csv", "a;kind\n1,5;x\n2,5;y\n3,5;x\n4,5;y\n5,5;x\n;y\n");
  shown("csv data.path=t.csv data.target=kind data.separator=semicolon data.decimal=comma data.missing=mean",
        {"1 missing value filled with the column's mean", "inputs    float32 [1], "});
}

// Red, green and blue of each pixel.
static std::vector<uint8_t> pixels_of(const std::string& file) {
  const std::string text = core::read_file(file, "a picture", 1'000'000);
  const std::span bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  core::formats::PictureShape shape;
  REQUIRE(core::formats::png_size(bytes, shape).empty());
  shape.channels = 3;
  std::vector<uint8_t> pixels(shape.height * shape.width * 3);
  REQUIRE(core::formats::decode_png(bytes, shape, pixels.data()).empty());
  return pixels;
}

static int64_t pixels_that(const std::vector<uint8_t>& all, bool (*are)(const uint8_t*)) {
  int64_t n = 0;
  for (size_t i = 0; i < all.size(); i += 3) n += are(&all[i]);
  return n;
}

TEST_CASE("describe --picture draws rows of a plane as points, in the colours of their classes",
          "[commands][show_data]") {
  const Scratch scratch;
  const auto drawn = [&](const std::string& data) {
    REQUIRE(shell("cd " + scratch.str() + " && atelier describe " + data + " --picture x.png").code == 0);
    const auto all = pixels_of(scratch / "x.png");
    return std::array{pixels_that(all, [](const uint8_t* p) { return p[2] > p[0] + 60; }),   // blue
                      pixels_that(all, [](const uint8_t* p) { return p[0] > p[2] + 60; })};  // vermilion
  };
  const auto [arm_1, arm_2] = drawn("spirals");
  CHECK((arm_1 > 2000 && arm_2 > 2000));
  const auto [curve, none] = drawn("noisy_sine");
  CHECK((curve > 1000 && none == 0));
  const auto [words, either] = drawn("anbn");
  CHECK((words == 0 && either == 0));
}

TEST_CASE("describe --picture refuses what is no data set", "[commands][show_data]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell("cd " + scratch.str() + " && atelier describe " + arguments);
    INFO(arguments << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
    CHECK(!std::filesystem::exists(scratch / "x.png"));
  };
  refused("xorr --picture x.png", "did you mean 'xor'?");
  refused("CartPole-v1 --picture x.png", "unknown data source 'CartPole-v1'");
  refused("xor --picture x.jpg", "--picture");
  refused("csv --picture x.png", "csv needs a path");
  refused("csv data.path=none.csv --picture x.png", "none.csv: no such file");
  refused("xor data.train_sise=3 --picture x.png", "train_sise");
  refused("xor data.train_size=3", "--picture");
}

TEST_CASE("arrays that NumPy wrote are the data that they were", "[commands][show_data]") {
  const Scratch scratch;
  const std::string write =
      "import numpy as np; a = np.arange(60, dtype='float64').reshape(20, 3); k = np.arange(20) % 2\n"
      "np.savez('plain.npz', x_train=a, y_train=k)\n"
      "np.savez_compressed('packed.npz', x_train=np.asfortranarray(a), y_train=k.astype('uint8'))\n"
      "np.save('x_train.npy', a.astype('>f2')); np.save('y_train.npy', k.astype('int16'))\n";
  scratch.write("write.py", write);
  REQUIRE(shell("cd " + scratch.str() + " && /usr/bin/python3 write.py").code == 0);
  std::string first;
  for (const std::string path : {"plain.npz", "packed.npz", "."}) {
    const Output output =
        shell("cd " + scratch.str() + " && atelier describe numpy data.path=" + path + " --picture x.png");
    INFO(path << ": " << output.text);
    CHECK(output.code == 0);
    if (first.empty()) first = output.text;
    CHECK(output.text == first);
  }
  CHECK(first.find("inputs    float32 [3], ") != std::string::npos);
  const Output wrong =
      shell("cd " + scratch.str() +
            " && atelier describe numpy data.path=plain.npz data.inputs=x_trian --picture x.png");
  CHECK(wrong.code == 2);
  CHECK(wrong.text.find("no entry 'x_trian.npy', did you mean 'x_train.npy'?") != std::string::npos);
}

// Nets of pictures: augmentation while learning alone, pictures of several sizes, and what is refused.
#include <filesystem>

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using supervised::all;
using torch::Tensor;

namespace {

const std::string several_sizes =
    "model: cnn\n"
    "data: {name: stripes, train_size: 600, test_size: 300, batch_size: 30, resolutions: [8, 12, 16]}\n"
    "net: {channels: [8, 16], hidden: [], global_pool: max}\n"
    "augment: {padding: 1, rotate: 5, erase: 0.05}\n"
    "optim: {lr: 0.02}\ntrain: {steps: 80}\n";

Tensor weights_of(const training::Session& run) {
  std::vector<Tensor> parts;
  for (const auto& [name, tensor] : run.registry.tensors())
    parts.push_back(tensor.detach().flatten().to(torch::kFloat64));
  return torch::cat(parts);
}

void go_on_for(training::Session& run, int n) {
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (int i = 0; i < n; ++i) run.step(silent);
}

std::string refused(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  return refusal([&] { trial::session(yaml, all(), overrides); });
}

// A folder with a folder for each class, each of ten pictures of one grey pixel.
void grey_pixels(const Scratch& scratch, const std::vector<std::string>& classes) {
  const std::string png(
      "\x89\x50\x4E\x47\x0D\x0A\x1A\x0A\x00\x00\x00\x0D\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08"
      "\x00\x00\x00\x00\x3A\x7E\x9B\x55\x00\x00\x00\x0A\x49\x44\x41\x54\x78\x9C\x63\x68\x00\x00\x00\x82\x00"
      "\x81\x77\xCD\x72\xB6\x00\x00\x00\x00\x49\x45\x4E\x44\xAE\x42\x60\x82",
      67);
  for (const std::string& name : classes) {
    std::filesystem::create_directories(scratch / "all" / name);
    for (int i = 0; i < 10; ++i)
      std::ofstream(scratch / "all" / name / (std::to_string(i) + ".png"), std::ios::binary) << png;
  }
}

}  // namespace

TEST_CASE("Pictures are augmented while learning and never in evaluation", "[supervised][vision]") {
  const std::vector<std::string> still{"augment={padding: 0, flip: false}"};
  for (const std::string name : {"cnn", "densenet", "resnet", "vit"}) {
    const std::string& yaml = all().at(name).trial;
    const std::vector<std::string> moved{"augment={padding: 2, flip: true, rotate: 30, erase: 0.2}"};
    auto calm = trial::session(yaml, all(), still), shaken = trial::session(yaml, all(), moved);
    INFO(name);
    CHECK(trial::grades(calm) == trial::grades(shaken));  // of the same first weights
    CHECK(trial::grades(shaken) == trial::grades(shaken));
    go_on_for(calm, 2);
    go_on_for(shaken, 2);
    CHECK_FALSE(torch::equal(weights_of(calm), weights_of(shaken)));
  }
}

TEST_CASE("Bars are told apart at three resolutions by either global pool, on three seeds",
          "[supervised][vision]") {
  for (const std::string seed : {"0", "1", "2"})
    for (const std::string pool : {"max", "mean"}) {
      INFO(pool << ", seed " << seed);
      const std::vector<std::string> how{"seed=" + seed, "net.global_pool=" + pool};
      CHECK(trial::grades_after_learning(several_sizes, all(), how)["test/accuracy"] > 0.95);
    }
}

TEST_CASE("Pictures of several sizes and their augmentation go on bit for bit", "[supervised][vision]") {
  const Scratch scratch;
  auto whole = trial::session(several_sizes, all()), resumed = trial::session(several_sizes, all());
  go_on_for(whole, 13);
  training::save_checkpoint(whole, "name: x\n", scratch / "last.h5");
  go_on_for(whole, 9);
  training::load_checkpoint(resumed, scratch / "last.h5");
  go_on_for(resumed, 9);
  CHECK(torch::equal(weights_of(whole), weights_of(resumed)));
  CHECK(trial::grades(whole) == trial::grades(resumed));
}

TEST_CASE("A net for one size refuses pictures of several", "[supervised][vision]") {
  CHECK(refused(several_sizes, {"net.global_pool=none"})
            .find("data.resolutions: the fully connected layers of cnn need one size without "
                  "net.global_pool; data.resize brings all to one size") != std::string::npos);
  CHECK(refused("model: vit\ndata: {name: stripes, resolutions: [8, 16]}\ntrain: {steps: 1}\n")
            .find("data.resolutions: vit has a position for each patch of one size") != std::string::npos);
  CHECK(refused(several_sizes, {"net.global_pool=none", "data.resize=16"}).empty());
}

TEST_CASE("Our own autograd refuses what it has not, and numbers refuse to be moved",
          "[supervised][vision]") {
  CHECK(refused("model: cnn\ndata: stripes\ncnn: {backend: scratch}\nnet: {global_pool: mean}\n"
                "train: {steps: 1}\n")
            .find("cnn.backend: scratch has one convolution before each max-pooling") != std::string::npos);
  CHECK(refused("model: cnn\ndata: {name: shapes, targets: [x], side: 16}\naugment: {rotate: 5}\n"
                "train: {steps: 1}\n")
            .find("augment: pictures would be moved and the numbers of 'shapes' would not") !=
        std::string::npos);
}

TEST_CASE("Folders with one class, damaged pictures and pictures of one pixel are refused by name",
          "[supervised][vision]") {
  const Scratch scratch;
  const auto says = [&](const std::string& model) {
    return refused("{model: " + model + ", train: {steps: 1}, data: {name: pictures, batch_size: 2, path: " +
                   (scratch / "all").string() + "}}");
  };
  grey_pixels(scratch, {"cat"});
  CHECK(says("cnn").find("all: one class, the folder 'cat'; a classifier needs two or more") !=
        std::string::npos);
  grey_pixels(scratch, {"cat", "dog"});
  CHECK(says("cnn").find("net.channels: pictures of 1 x 1 pixels vanish in convolution 1 of 2") !=
        std::string::npos);
  CHECK(says("densenet").find("net: pictures of 1 x 1 pixels vanish in two transitions") !=
        std::string::npos);
  CHECK(says("resnet").find("net.stages: pictures of 1 x 1 pixels vanish in 3 stages") != std::string::npos);
  CHECK(says("vit").find("net.patch: expected a side that divides pictures of 1 x 1 pixels, found 4") !=
        std::string::npos);
  std::filesystem::resize_file(scratch / "all" / "dog" / "3.png", 45);
  CHECK(says("cnn").find("dog/3.png: ") != std::string::npos);
}

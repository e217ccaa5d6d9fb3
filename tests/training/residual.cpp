// Residual blocks and nets, with and without their shortcuts.
#include "training/nets/residual.h"

#include "tests/catch.h"
#include "tests/refusal.h"

using namespace training;

TEST_CASE("a residual block whose weights are zero is the identity", "[training][nets]") {
  torch::manual_seed(1);
  ResidualBlock block(8, 8, 1);
  const torch::Tensor x = torch::randn({4, 8, 6, 6});
  CHECK_FALSE(torch::equal(block->forward(x), x));
  for (auto& p : block->parameters()) p.data().zero_();
  CHECK(torch::equal(block->forward(x), x));
}

TEST_CASE("a stage halves the side and doubles the channels", "[training][nets]") {
  ResidualBlock block(8, 16, 2);
  CHECK(block->forward(torch::randn({2, 8, 14, 14})).sizes() == torch::IntArrayRef({2, 16, 7, 7}));
  ResidualNet net("net", 1, 10, ResidualNetOptions{.width = 4, .blocks = 3});
  CHECK(net->forward(torch::randn({2, 1, 28, 28})).sizes() == torch::IntArrayRef({2, 10}));
}

namespace {

int64_t parameters_of(const torch::nn::Module& net) {
  int64_t all = 0;
  for (const auto& p : net.parameters()) all += p.numel();
  return all;
}

void copy_weights(const torch::nn::Module& from, torch::nn::Module& to) {
  const torch::NoGradGuard no_grad;
  auto targets = to.named_parameters();
  for (const auto& p : from.named_parameters()) targets[p.key()].copy_(p.value());
}

}  // namespace

TEST_CASE("a plain block is the residual one without its shortcut", "[training][nets]") {
  for (const auto& [outputs, stride] : {std::pair<int64_t, int64_t>{8, 1}, {16, 2}, {12, 1}}) {
    ResidualBlock residual(8, outputs, stride, "padded"), plain(8, outputs, stride, "none");
    CHECK(residual->named_parameters().keys() == plain->named_parameters().keys());
    copy_weights(*residual, *plain);
    const torch::Tensor x = torch::randn({4, 8, 6, 6});
    const torch::Tensor carried = residual->forward(x) - plain->forward(x);
    const torch::Tensor kept = x.slice(2, 0, 6, stride).slice(3, 0, 6, stride);
    CHECK(torch::allclose(carried.narrow(1, 0, 8), kept, 1e-4, 1e-5));
    if (outputs > 8) CHECK(carried.narrow(1, 8, outputs - 8).abs().max().item<double>() == 0);
  }
}

// He et al. (2015), table 6: 0.27 M for ResNet-20, whose shortcuts have no parameters; 0.66 M for ResNet-44.
TEST_CASE("residual nets have the parameters of their papers, plain twins as many", "[training][nets]") {
  const auto closed_form = [](int64_t width, int64_t stages, int64_t blocks, bool convolutions) {
    int64_t all = 9 * 3 * width, channels = width;
    for (int64_t stage = 0; stage < stages; ++stage)
      for (int64_t block = 0; block < blocks; ++block) {
        const int64_t next = width << stage;
        all += 2 * channels + 9 * channels * next + 2 * next + 9 * next * next;
        if (convolutions && next != channels) all += channels * next;
        channels = next;
      }
    return all + 2 * channels + 10 * channels + 10;
  };
  const auto found = [](int64_t depth, int64_t stages, int64_t width, const std::string& shortcut) {
    const ResidualNetOptions options{.width = width, .depth = depth, .stages = stages, .shortcut = shortcut};
    return parameters_of(*ResidualNet("net", 3, 10, options));
  };
  CHECK(found(20, 3, 16, "padded") == 269722);
  CHECK(found(20, 3, 16, "convolution") == 272282);
  for (const int64_t depth : {8, 20, 44}) {
    const int64_t blocks = (depth - 2) / 6;
    CHECK(found(depth, 3, 16, "convolution") == closed_form(16, 3, blocks, true));
    CHECK(found(depth, 3, 16, "padded") == closed_form(16, 3, blocks, false));
    CHECK(found(depth, 3, 16, "none") == found(depth, 3, 16, "padded"));
  }
  CHECK(found(18, 4, 8, "convolution") == closed_form(8, 4, 2, true));
  CHECK(closed_form(16, 3, 7, false) == 658586);
}

TEST_CASE("a depth that no net has is refused", "[training][nets]") {
  const auto says = [](int64_t depth, int64_t stages) {
    return refusal([&] { ResidualNetOptions{.depth = depth, .stages = stages}.blocks_in_stage(); });
  };
  CHECK(says(18, 3).find("net.depth: expected 2 + 6 times the blocks in each of 3 stages, found 18") !=
        std::string::npos);
  CHECK(says(8, 4).find("found 8") != std::string::npos);
  CHECK(ResidualNetOptions{.depth = 18, .stages = 4}.blocks_in_stage() == 2);
  CHECK(ResidualNetOptions{.blocks = 5}.blocks_in_stage() == 5);
}

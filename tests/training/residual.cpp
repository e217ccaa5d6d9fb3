// Residual blocks and what is done to pictures before they are learnt.
#include "training/nets/residual.h"

#include "tests/catch.h"
#include "training/compat.h"
#include "training/data/augment.h"

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

TEST_CASE("every augmented picture is a crop of the padded one or of its mirror image", "[training][data]") {
  const torch::Tensor pictures = torch::rand({40, 2, 5, 6}) + 1;
  const data::Augmentation augmentation{.padding = 1, .flip = true};
  const torch::Tensor seen = augmentation.apply(Batch(pictures), make_generator(7)).inputs();
  REQUIRE(seen.sizes() == pictures.sizes());
  int mirrored = 0, moved = 0;
  for (int64_t i = 0; i < pictures.size(0); ++i) {
    int found = 0;
    for (const bool flip : {false, true})
      for (int64_t down = 0; down < 3; ++down)
        for (int64_t right = 0; right < 3; ++right) {
          const torch::Tensor padded = torch::constant_pad_nd(pictures[i], {1, 1, 1, 1});
          const torch::Tensor crop = padded.narrow(1, down, 5).narrow(2, right, 6);
          if (!torch::equal(flip ? crop.flip(2) : crop, seen[i])) continue;
          ++found;
          mirrored += flip;
          moved += down != 1 || right != 1;
        }
    CHECK(found == 1);
  }
  CHECK(mirrored > 8);
  CHECK(mirrored < 32);
  CHECK(moved > 20);
}

TEST_CASE("without padding and flip a picture stays as it is", "[training][data]") {
  const torch::Tensor pictures = torch::rand({3, 1, 4, 4});
  const data::Augmentation none{.padding = 0, .flip = false};
  CHECK(torch::equal(none.apply(Batch(pictures), make_generator(1)).inputs(), pictures));
}

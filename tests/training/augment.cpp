// What is done to pictures before they are learnt, on pictures made by hand.
#include "training/data/augment.h"

#include <cmath>
#include <numbers>

#include "tests/catch.h"
#include "training/compat.h"

using namespace training;
using data::Augmentation;
using torch::Tensor;

namespace {

Tensor augmented(const Augmentation& how, const Tensor& pictures, uint64_t seed = 7) {
  return how.apply(Batch(pictures), make_generator(seed)).inputs();
}

Tensor quarter_turns(int64_t pictures, double quarters) {
  return torch::full({pictures}, quarters * std::numbers::pi / 2, torch::kFloat64);
}

}  // namespace

TEST_CASE("every augmented picture is a crop of the padded one or of its mirror image", "[training][data]") {
  const Tensor pictures = torch::rand({40, 2, 5, 6}) + 1;
  const Tensor seen = augmented({.padding = 1, .flip = true}, pictures);
  REQUIRE(seen.sizes() == pictures.sizes());
  int mirrored = 0, moved = 0;
  for (int64_t i = 0; i < pictures.size(0); ++i) {
    int found = 0;
    for (const bool flip : {false, true})
      for (int64_t down = 0; down < 3; ++down)
        for (int64_t right = 0; right < 3; ++right) {
          const Tensor padded = torch::constant_pad_nd(pictures[i], {1, 1, 1, 1});
          const Tensor crop = padded.narrow(1, down, 5).narrow(2, right, 6);
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

TEST_CASE("with nothing asked for a picture stays as it is", "[training][data]") {
  const Tensor pictures = torch::rand({3, 1, 4, 4});
  CHECK_FALSE(data::no_augmentation().active());
  CHECK(torch::equal(augmented(data::no_augmentation(), pictures), pictures));
}

TEST_CASE("a shift moves the one bright pixel by whole pixels, and nothing else appears",
          "[training][data]") {
  const Tensor pictures = torch::zeros({200, 1, 9, 9});
  pictures.select(2, 4).select(2, 4).fill_(1);
  const Tensor seen = augmented({.padding = 2, .flip = false}, pictures);
  CHECK(seen.flatten(1).sum(1).eq(1).all().item<bool>());
  const Tensor place = seen.flatten(1).argmax(1);
  const Tensor down = torch::div(place, 9, "floor") - 4, right = place % 9 - 4;
  CHECK((down.min().item<int64_t>() == -2 && down.max().item<int64_t>() == 2));
  CHECK((right.min().item<int64_t>() == -2 && right.max().item<int64_t>() == 2));
}

TEST_CASE("the same picture mirrored twice is itself", "[training][data]") {
  const Tensor pictures = torch::rand({20, 3, 4, 7});
  const Augmentation mirror{.padding = 0, .flip = true};
  const Tensor once = augmented(mirror, pictures);
  CHECK_FALSE(torch::equal(once, pictures));
  CHECK(torch::equal(augmented(mirror, once), pictures));  // the same seed draws the same ones
}

TEST_CASE("quarter turns are exact, and a turn to and fro is nearly nothing", "[training][data]") {
  const Tensor pictures = torch::rand({5, 2, 7, 7});
  for (const int quarters : {-1, 0, 1, 2, 3, 4})
    CHECK(torch::equal(data::rotated(pictures, quarter_turns(5, quarters)),
                       torch::rot90(pictures, quarters, {2, 3})));
  const Tensor smooth = torch::linspace(0, 1, 15).view({1, 1, 1, 15}).expand({5, 1, 15, 15}).contiguous();
  const Tensor back = data::rotated(data::rotated(smooth, quarter_turns(5, 0.2)), quarter_turns(5, -0.2));
  const auto inner = [](const Tensor& x) { return x.narrow(2, 5, 5).narrow(3, 5, 5); };
  CHECK(torch::allclose(inner(back), inner(smooth), 0, 1e-4));
  // A picture that is not square turns around its own middle: half a turn is both mirror images.
  const Tensor wide = torch::rand({2, 1, 4, 9});
  CHECK(torch::equal(data::rotated(wide, quarter_turns(2, 2)), wide.flip({2, 3})));
}

TEST_CASE("angles are drawn evenly up to the one asked for", "[training][data]") {
  // Of a bar along the middle the lit pixel at its right end tells the angle's sign.
  const Tensor bars = torch::zeros({400, 1, 21, 21});
  bars.select(2, 10).fill_(1);
  const Tensor seen = augmented({.padding = 0, .flip = false, .rotate = 20}, bars);
  const Tensor rows = torch::arange(21, torch::kFloat32);
  const Tensor end = seen.select(3, 19).squeeze(1);  // [400, 21]
  const Tensor slope = (10 - (end * rows).sum(1) / end.sum(1)) / 9;
  const double largest = std::tan(20 * std::numbers::pi / 180);
  CHECK(slope.abs().max().item<double>() < largest + 0.02);
  CHECK(slope.abs().max().item<double>() > 0.9 * largest);
  CHECK(std::abs(slope.mean().item<double>()) < 0.04);
}

TEST_CASE("what is known of places turns with the picture", "[training][data]") {
  const int64_t n = 60, side = 16;
  Batch batch(torch::zeros({n, 1, side, side}));
  const Tensor centres = torch::zeros({n, 2}), boxes = torch::zeros({n, 4});
  for (int64_t i = 0; i < n; ++i) {  // a square of 2 x 2 pixels
    const int64_t x = 4 + i % 7, y = 4 + i % 6;
    batch.inputs()[i][0].slice(0, y, y + 2).slice(1, x, x + 2).fill_(1);
    centres[i][0] = x + 1, centres[i][1] = y + 1;
    boxes[i][0] = x, boxes[i][1] = y, boxes[i][2] = 2, boxes[i][3] = 2;
  }
  const Tensor offsets = torch::arange(n + 1);
  batch.set(column::mask, batch.inputs().squeeze(1) > 0.5);
  batch.set(column::centres, centres, offsets);
  batch.set(column::boxes, boxes, offsets);
  const Batch seen = Augmentation{.padding = 0, .flip = false, .rotate = 180}.apply(batch, make_generator(3));
  const Tensor weight = seen.inputs().squeeze(1), place = torch::arange(side, torch::kFloat32) + 0.5;
  const Tensor x = (weight.sum(1) * place).sum(1) / weight.sum({1, 2}),
               y = (weight.sum(2) * place).sum(1) / weight.sum({1, 2});
  CHECK(torch::allclose(seen["centres"], torch::stack({x, y}, 1), 0, 0.1));
  CHECK_FALSE(torch::allclose(seen["centres"], centres, 0, 1));
  const Tensor middle = seen["boxes"].narrow(1, 0, 2) + seen["boxes"].narrow(1, 2, 2) / 2;
  CHECK(torch::allclose(middle, seen["centres"], 0, 1e-4));
  const Tensor wide = seen["boxes"].narrow(1, 2, 2);
  CHECK((wide.min().item<double>() >= 2 - 1e-4 && wide.max().item<double>() <= 2 * std::sqrt(2) + 1e-4));
  CHECK(torch::equal(seen["mask"], weight > 0.5));
}

TEST_CASE("a box of the asked area is blacked out of every other picture", "[training][data]") {
  const int64_t n = 300, high = 20, wide = 24;
  const Tensor seen = augmented({.padding = 0, .flip = false, .erase = 0.2}, torch::ones({n, 2, high, wide}));
  int hit = 0;
  for (int64_t i = 0; i < n; ++i) {
    const Tensor hole = seen[i][0] == 0;
    CHECK(torch::equal(seen[i][0], seen[i][1]));
    const auto area = hole.sum().item<int64_t>(), rows = hole.any(1).sum().item<int64_t>(),
               columns = hole.any(0).sum().item<int64_t>();
    CHECK(area == rows * columns);  // a box
    if (area == 0) continue;
    ++hit;
    CHECK(std::abs(double(area) - 0.2 * double(high * wide)) <= double(rows) / 2);
    CHECK((double(rows) / double(columns) < 4 && double(columns) / double(rows) < 4));
  }
  CHECK((hit > 110 && hit < 190));
  const Tensor all = torch::ones({4, 1, 6, 6});
  CHECK(torch::equal(data::erased(all, 0.5, torch::zeros({4}, torch::kBool), make_generator(1)), all));
}

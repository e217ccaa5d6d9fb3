// An ellipse and XOR in the plane, bars in pictures.
#include "training/data/puzzles.h"

#include <cmath>
#include <utility>

#include "core/random.h"

namespace training::data {
namespace {

// Two independent numbers N(0, 1) (Box & Muller 1958).
std::pair<double, double> normal_pair(core::Pcg64& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.random())), turn = 2 * M_PI * random.random();
  return {radius * std::cos(turn), radius * std::sin(turn)};
}

Dataset draw_ellipse(int64_t rows, uint64_t seed) {
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, 2}), torch::empty({rows}, torch::kInt64), {"inside", "outside"}};
  for (int64_t i = 0; i < rows; ++i) {
    const auto [x, y] = normal_pair(random);
    set.inputs().data_ptr<float>()[2 * i] = float(x);
    set.inputs().data_ptr<float>()[2 * i + 1] = float(y);
    set.targets().data_ptr<int64_t>()[i] = x * x + 0.95 * x * y + 0.4 * y * y > 0.6;
  }
  return set;
}

Dataset draw_xor(int64_t rows, uint64_t seed) {
  core::Pcg64 random(seed);
  Dataset set{
      torch::empty({rows, 2}), torch::empty({rows}, torch::kInt64), {"opposite signs", "equal signs"}};
  for (int64_t i = 0; i < rows; ++i) {
    const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    set.inputs().data_ptr<float>()[2 * i] = float(x);
    set.inputs().data_ptr<float>()[2 * i + 1] = float(y);
    set.targets().data_ptr<int64_t>()[i] = x * y > 0;
  }
  return set;
}

Dataset draw_stripes(int64_t rows, uint64_t seed) {
  constexpr int64_t side = 8;
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, 1, side, side}, torch::kUInt8),
              torch::empty({rows}, torch::kInt64),
              {"horizontal", "vertical"}};
  uint8_t* pixel = set.inputs().data_ptr<uint8_t>();
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t vertical = random.integers(0, 2), where = random.integers(0, side);
    for (int64_t y = 0; y < side; ++y)
      for (int64_t x = 0; x < side; ++x)
        *pixel++ = uint8_t(random.integers(0, 56) + ((vertical ? x : y) == where ? 200 : 0));
    set.targets().data_ptr<int64_t>()[i] = vertical;
  }
  return set;
}

}  // namespace

Data Ellipse::load() const {
  sizes.require(2);
  return sizes.parts(draw_ellipse);
}

Data Xor::load() const {
  sizes.require(2);
  return sizes.parts(draw_xor);
}

Data Stripes::load() const {
  sizes.require(9);  // 64 pixels of a byte, and a label
  return sizes.parts(draw_stripes);
}

}  // namespace training::data

// The ground that the bipedal walker crosses, drawn as Gymnasium's bipedal_walker.py draws it: grass, and in
// its hardcore form stumps, stairs and pits. Metres.
#pragma once

#include <array>
#include <cstddef>

#include "core/canvas.h"
#include "core/random.h"

namespace envs {

struct Terrain {
  static constexpr size_t length = 200, start_pad = 20, finish_pad = 10;  // steps
  static constexpr double step = 14.0 / 30, level = 400.0 / 30 / 4;       // of x; y of the start pad

  struct Block {  // a box of stone
    double left, bottom, right, top;
  };
  using Cloud = std::array<core::Vec, 5>;

  std::array<double, length> y{};  // at x = 0, step, 2 step, ...
  std::array<Block, 64> blocks{};  // the first block_count; no 200 steps have room for more
  size_t block_count = 0;
  std::array<Cloud, 10> clouds{};
};

Terrain draw_terrain(bool hardcore, core::Pcg64& random);

}  // namespace envs

// Breakout: knock the bricks of a wall out with a ball that must not be lost. After Atari's Breakout (1976).
#pragma once

#include <array>

#include "envs/arcade/field.h"
#include "envs/envs.h"

namespace envs::arcade {

struct Breakout {
  static constexpr const char* id = "Arcade/Breakout-v0";
  static constexpr int channels = 4, actions = 3;  // 0 nothing, 1 left, 2 right
  static constexpr int64_t first = 0;
  static constexpr int32_t most_rows = 5, wall = 1, length = 3;  // the wall's upper row; the paddle's cells

  std::array<uint32_t, most_rows> bricks;  // row by row, bit k for column k
  int32_t paddle, x, y, dx, dy, over;      // the paddle's left cell, the ball and its step

  void begin(core::Pcg64& chance);
  Outcome step(int64_t action, core::Pcg64& chance);
  void observe(FeaturePlanes seen) const;
  void draw(core::Canvas& canvas) const;
  bool is_sound() const;

 private:
  bool has_brick(int32_t row, int32_t column) const;
  bool is_cleared() const;
  void build(core::Pcg64& chance);
  void meet_paddle(int32_t column);
};

Controller breakout_controller();

}  // namespace envs::arcade

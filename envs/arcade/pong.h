// Pong: send the ball past the other paddle, with blocks in its way. After Atari's Pong (Alcorn 1972).
#pragma once

#include "envs/arcade/field.h"
#include "envs/envs.h"

namespace envs::arcade {

struct Pong {
  static constexpr const char* id = "Arcade/Pong-v0";
  static constexpr int channels = 5, actions = 3;  // 0 nothing, 1 up, 2 down
  static constexpr int64_t first = 0;
  static constexpr int32_t own_length = 3, to_win = 5, most_blocks = 4, middle = side / 2;

  // The level.
  uint32_t blocks;                // of the middle column, bit k for row k
  int32_t agility, other_length;  // in how many of ten steps the other paddle moves; its cells
  // The upper cells of both paddles, the ball and its step, the points.
  int32_t paddle, other, x, y, dx, dy, won, lost;

  void begin(core::Pcg64& chance);
  Outcome step(int64_t action, core::Pcg64& chance);
  void observe(FeaturePlanes seen) const;
  void draw(core::Canvas& canvas) const;
  bool is_sound() const;
  bool is_over() const { return won == to_win || lost == to_win; }

 private:
  void serve(core::Pcg64& chance);
  int32_t answer(core::Pcg64& chance);
  float fly(int32_t moved, int32_t answered, core::Pcg64& chance);
};

Controller pong_controller();

}  // namespace envs::arcade

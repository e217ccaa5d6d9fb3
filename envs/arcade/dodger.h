// Dodger: stand where the falling rocks are not. Of our own.
#pragma once

#include <array>

#include "envs/arcade/field.h"
#include "envs/envs.h"

namespace envs::arcade {

struct Dodger {
  static constexpr const char* id = "Arcade/Dodger-v0";
  static constexpr int channels = 2, actions = 3;  // 0 nothing, 1 left, 2 right
  static constexpr int64_t first = 0;

  int32_t period, gap_width, eighths;  // the level: steps between waves, their gap, how dense they are
  std::array<uint32_t, side> rocks;    // row by row, bit k for column k
  int32_t x, gap, wait, over;  // the player's column, the latest gap's left one, steps to the next wave

  void begin(core::Pcg64& chance);
  Outcome step(int64_t action, core::Pcg64& chance);
  void observe(FeaturePlanes seen) const;
  void draw(core::Canvas& canvas) const;
  bool is_sound() const;

 private:
  void launch(core::Pcg64& chance);
};

Controller dodger_controller();

}  // namespace envs::arcade

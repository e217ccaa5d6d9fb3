// Snake: eat and grow, and run into neither walls nor oneself. After Blockade (Gremlin 1976).
#pragma once

#include <array>

#include "envs/arcade/field.h"
#include "envs/envs.h"

namespace envs::arcade {

struct Snake {
  static constexpr const char* id = "Arcade/Snake-v0";
  static constexpr int channels = 5, actions = 4;  // 0 left, 1 down, 2 right, 3 up
  static constexpr int64_t first = 2;
  static constexpr int32_t cells = side * side, start_length = 3, most_walls = 4;

  std::array<uint32_t, side> walls;  // the level: bit k of a row for column k
  std::array<uint8_t, cells> body;   // a ring of cells, row * 12 + column; the tail is at `tail`
  int32_t tail, length, heading, food, over;

  void begin(core::Pcg64& chance);
  Outcome step(int64_t action, core::Pcg64& chance);
  void observe(FeaturePlanes seen) const;
  void draw(core::Canvas& canvas) const;
  bool is_sound() const;

 private:
  int32_t part(int32_t k) const { return body[size_t((tail + k) % cells)]; }  // 0: the tail
  int32_t head() const { return part(length - 1); }
  bool is_wall(int32_t cell) const { return walls[size_t(cell / side)] >> (cell % side) & 1; }
  std::array<uint32_t, side> taken(int32_t from) const;
  void build(core::Pcg64& chance);
  void feed(core::Pcg64& chance);
  void advance(int32_t cell);
};

Controller snake_controller();

}  // namespace envs::arcade

// The field that all arcade games are played on: 12 x 12 cells with a frame around them. Row 0 is on top.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/canvas.h"
#include "core/random.h"

namespace envs::arcade {

inline constexpr int32_t side = 12;

inline bool is_inside(int32_t at) { return at >= 0 && at < side; }

// A whole number, low .. high.
inline int32_t draw_of(core::Pcg64& chance, int32_t low, int32_t high) {
  return int32_t(chance.integers(low, int64_t(high) + 1));
}

// Walls mirror: a cell that would lie beyond is as far before the wall, and the speed turns round.
inline int32_t mirrored(int32_t at, int32_t& speed) {
  if (is_inside(at)) return at;
  speed = -speed;
  return (at < 0 ? -1 : 2 * side - 1) - at;
}

// What is seen as symbols, [12, 12, channels]: 1 where a thing of the channel's kind is (binary feature
// planes).
class FeaturePlanes {
 public:
  FeaturePlanes(uint8_t* row, int channels) : row_(row), channels_(channels) {}
  void set(int32_t row, int32_t column, int channel) {
    row_[(row * side + column) * channels_ + channel] = 1;
  }
  // Where bits are set, bit k for column k.
  void set_bits(int32_t row, uint32_t bits, int channel);

 private:
  uint8_t* row_;
  int channels_;
};

// The same as a scripted player reads them.
class Seen {
 public:
  Seen(const std::byte* row, int channels) : row_(row), channels_(channels) {}
  bool at(int32_t row, int32_t column, int channel) const {
    return row_[(row * side + column) * channels_ + channel] != std::byte(0);
  }
  // The first cell of the channel, row * 12 + column; -1 where there is none.
  int32_t find(int channel) const;

 private:
  const std::byte* row_;
  int channels_;
};

// The view, the ground and the frame.
void draw_field(core::Canvas& canvas);
// A rectangle of cells, smaller by `gap` on every side.
void draw_cells(core::Canvas& canvas, int32_t row, int32_t column, int32_t rows, int32_t columns,
                core::Color color, double gap = 0.06);
void draw_ball(core::Canvas& canvas, int32_t row, int32_t column, core::Color color);
// Points as dots in the upper frame, from its left or its right end.
void draw_points(core::Canvas& canvas, int32_t points, bool left, core::Color color);

}  // namespace envs::arcade

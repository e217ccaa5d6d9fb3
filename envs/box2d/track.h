// The closed road that cars race on, drawn as Gymnasium's car_racing.py (v3) draws it: a pen goes round the
// field from one checkpoint to the next and turns only so fast. Metres, radians.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>

#include "core/canvas.h"
#include "core/random.h"

namespace envs {

struct Track {
  static constexpr double scale = 6;  // Gymnasium's sizes are in pixels: so many are a metre
  static constexpr double radius = 900 / scale,
                          field = 2000 / scale;  // of the track; half a side of the field
  static constexpr double step = 21 / scale;     // from one point to the next
  static constexpr double half_width = 40 / scale, kerb_width = 8 / scale;
  static constexpr size_t most_points = 2500;

  struct Point {
    double alpha;  // of the point before, seen from the middle of the field
    double beta;   // direction from the road's left edge to its right one
    double x, y;   // of its middle

    // So far to the right of the middle, and so far ahead.
    core::Vec at(double right, double ahead = 0) const;
  };
  using Quad = std::array<core::Vec, 4>;

  std::array<Point, most_points> points{};  // the first `count`; the last one is followed by the first
  size_t count = 0;
  std::bitset<most_points> kerbs;  // whether the road has one from the point before to this one

  size_t before(size_t i) const { return i > 0 ? i - 1 : count - 1; }
  size_t after(size_t i) const { return i + 1 < count ? i + 1 : 0; }
  // The road from the point before to this one, and the kerb on the inner side of its bend.
  Quad tile(size_t i) const { return strip(i, -half_width, half_width); }
  Quad kerb(size_t i) const;

 private:
  Quad strip(size_t i, double from, double to) const;  // so far to the right
};

// Draws again until the ends meet, as Gymnasium does.
Track draw_track(core::Pcg64& random);

}  // namespace envs

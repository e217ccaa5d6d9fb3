// Small instruments: bars with names, a course over time, columns, cells. Pixels, y up.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/canvas.h"

namespace render {

struct Range {
  double low = 0, high = 0;
  double share(double value) const;  // 0 at low .. 1 at high; a half where they are equal
};
Range range_over(std::span<const float> values, size_t first = 0, size_t stride = 1);  // of the finite ones

// What is filled of a bar: from where to where, 0 .. 1.
struct Filled {
  double from = 0, to = 0;
};
// Of a bar on which nothing is filled for 0: from the left end for what cannot be negative, else from the
// middle. `largest`: the magnitude that fills it.
Filled filled_from_zero(double value, double largest, bool can_be_negative);

struct Bar {
  std::string name;
  double value;
  bool chosen;                        // painted darker
  std::optional<Filled> filled = {};  // where each has a range of its own
};

// A line for each, from the top: name, bar, number. `word` is the height of capitals; a line is 1.9 of them.
// Names have the room that they need, down to a stub of a bar; longer ones are set smaller.
void draw_bars(core::Canvas& canvas, core::Rect where, double word, const std::vector<Bar>& bars,
               Range range);
// All the values as a line, with a mark at `t`.
void draw_course(core::Canvas& canvas, core::Rect where, double word, std::span<const float> values,
                 int64_t t);
// One column for each, filled likewise, 0 below.
void draw_columns(core::Canvas& canvas, core::Rect where, const std::vector<Filled>& columns);
// Rows of square cells, from the top, dark at the range's low end; their side in pixels, 32 in a row.
void draw_cells(core::Canvas& canvas, core::Rect where, double side, std::span<const float> values,
                Range range);

}  // namespace render

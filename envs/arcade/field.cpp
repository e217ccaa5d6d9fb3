#include "envs/arcade/field.h"

#include <array>
#include <bit>

#include "envs/scene.h"

namespace envs::arcade {

void FeaturePlanes::set_bits(int32_t row, uint32_t bits, int channel) {
  for (; bits; bits &= bits - 1) set(row, std::countr_zero(bits), channel);
}

int32_t Seen::find(int channel) const {
  for (int32_t cell = 0; cell < side * side; ++cell)
    if (at(cell / side, cell % side, channel)) return cell;
  return -1;
}

static void rectangle(core::Canvas& canvas, core::Rect r, core::Color color) {
  const double right = r.x + r.width, top = r.y + r.height;
  const std::array<core::Vec, 4> corners{{{r.x, r.y}, {right, r.y}, {right, top}, {r.x, top}}};
  canvas.polygon(corners, core::filled(color));
}

void draw_field(core::Canvas& canvas) {
  constexpr double whole = side + 2;
  canvas.view({-1, -1, whole, whole}, scene::paper);
  for (const double edge : {-1.0, double(side)}) {
    rectangle(canvas, {-1, edge, whole, 1}, scene::steel);
    rectangle(canvas, {edge, 0, 1, side}, scene::steel);
  }
}

void draw_cells(core::Canvas& canvas, int32_t row, int32_t column, int32_t rows, int32_t columns,
                core::Color color, double gap) {
  rectangle(canvas, {column + gap, side - row - rows + gap, columns - 2 * gap, rows - 2 * gap}, color);
}

void draw_ball(core::Canvas& canvas, int32_t row, int32_t column, core::Color color) {
  canvas.circle({column + 0.5, side - row - 0.5}, 0.42, core::filled(color));
}

void draw_points(core::Canvas& canvas, int32_t points, bool left, core::Color color) {
  for (int32_t k = 0; k < points; ++k)
    canvas.circle({left ? k + 0.5 : side - k - 0.5, side + 0.5}, 0.28, core::filled(color));
}

}  // namespace envs::arcade

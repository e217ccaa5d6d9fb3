#include "envs/arcade/breakout.h"

#include <algorithm>
#include <bit>

#include "envs/scene.h"

namespace envs::arcade {

bool Breakout::has_brick(int32_t row, int32_t column) const {
  return row >= wall && row < wall + most_rows && (bricks[size_t(row - wall)] >> column & 1);
}

bool Breakout::is_cleared() const {
  return std::ranges::all_of(bricks, [](uint32_t row) { return row == 0; });
}

// The left half of the wall, and its mirror image.
void Breakout::build(core::Pcg64& chance) {
  const int32_t rows = draw_of(chance, 2, most_rows), eighths = draw_of(chance, 4, 7);
  for (int32_t row = 0; row < rows; ++row)
    for (int32_t column = 0; column < side / 2; ++column)
      if (draw_of(chance, 1, 8) <= eighths) bricks[size_t(row)] |= 1U << column | 1U << (side - 1 - column);
  if (is_cleared()) bricks[0] = (1U << side) - 1;
}

void Breakout::begin(core::Pcg64& chance) {
  *this = {};
  build(chance);
  paddle = (side - length) / 2;
  x = draw_of(chance, 0, side - 1);
  y = wall + most_rows;
  dx = 2 * draw_of(chance, 0, 1) - 1;
  dy = 1;
}

Outcome Breakout::step(int64_t action, core::Pcg64&) {
  if (over) return {0, 1};
  paddle = std::clamp(paddle + int32_t(action == 2) - int32_t(action == 1), 0, side - length);
  const int32_t column = mirrored(x + dx, dx), row = mirrored(y + dy, dy);
  if (has_brick(row, column)) {
    bricks[size_t(row - wall)] &= ~(1U << column);
    dy = -dy;
    over = is_cleared();
    return {1, over};
  }
  x = column;
  if (row == side - 1)
    meet_paddle(column);
  else
    y = row;
  return {0, over};
}

// In the paddle's row: back up from the cell that was hit, or lost.
void Breakout::meet_paddle(int32_t column) {
  const int32_t part = column - paddle;
  over = part < 0 || part >= length;
  dy = -1;
  if (over)
    y = side - 1;
  else
    dx = part - 1;
}

void Breakout::observe(FeaturePlanes seen) const {
  for (int32_t k = 0; k < length; ++k) seen.set(side - 1, paddle + k, 0);
  int32_t across = dx, down = dy;
  seen.set(y, x, 1);
  seen.set(mirrored(y + dy, down), mirrored(x + dx, across), 2);
  for (int32_t row = 0; row < most_rows; ++row) seen.set_bits(wall + row, bricks[size_t(row)], 3);
}

void Breakout::draw(core::Canvas& canvas) const {
  static constexpr std::array<core::Color, most_rows> paints{
      {{176, 58, 62}, {206, 122, 60}, {214, 172, 62}, {72, 148, 106}, {48, 112, 184}}};
  draw_field(canvas);
  for (int32_t row = 0; row < most_rows; ++row)
    for (int32_t column = 0; column < side; ++column)
      if (has_brick(wall + row, column)) draw_cells(canvas, wall + row, column, 1, 1, paints[size_t(row)]);
  canvas.object("paddle");
  draw_cells(canvas, side - 1, paddle, 1, length, scene::body);
  canvas.object("ball");
  draw_ball(canvas, y, x, scene::ink);
  canvas.object("");
}

bool Breakout::is_sound() const {
  const bool cells = std::ranges::all_of(bricks, [](uint32_t row) { return row < 1U << side; });
  return cells && paddle >= 0 && paddle <= side - length && is_inside(x) && is_inside(y) && dx >= -1 &&
         dx <= 1 && (dy == 1 || dy == -1) && (over == 0 || over == 1);
}

// Under the next cell of the ball, so that it flies to where more bricks are.
Controller breakout_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const Seen seen(obs, Breakout::channels);
    const int32_t ball = seen.find(2) % side, paddle = seen.find(0) % side;
    int32_t right = 0;  // bricks there, less those to the left
    for (int32_t cell = 0; cell < side * side; ++cell)
      if (seen.at(cell / side, cell % side, 3)) right += cell % side > ball ? 1 : -1;
    const int32_t wanted = ball - (right > 0 ? 2 : 0);
    *out.discrete = wanted < paddle ? 1 : wanted > paddle ? 2 : 0;
  };
}

}  // namespace envs::arcade

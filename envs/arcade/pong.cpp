#include "envs/arcade/pong.h"

#include <algorithm>
#include <bit>

#include "envs/scene.h"

namespace envs::arcade {

namespace {

// How far a paddle went.
int32_t move(int32_t& paddle, int32_t length, int32_t by) {
  const int32_t before = paddle;
  paddle = std::clamp(paddle + by, 0, side - length);
  return paddle - before;
}

bool covers(int32_t paddle, int32_t length, int32_t row) { return row >= paddle && row < paddle + length; }

// The ball's new step by the cell that it hit, upper, lower or between, and by how the paddle moved.
int32_t deflection(int32_t paddle, int32_t length, int32_t row, int32_t moved) {
  return (row == paddle + length - 1) - (row == paddle) + moved;
}

int32_t sign(int32_t x) { return (x > 0) - (x < 0); }

}  // namespace

void Pong::begin(core::Pcg64& chance) {
  *this = {};
  agility = draw_of(chance, 3, 7);
  other_length = draw_of(chance, 2, 4);
  for (int32_t k = draw_of(chance, 0, most_blocks); k > 0; --k) blocks |= 1U << draw_of(chance, 0, side - 1);
  paddle = (side - own_length) / 2;
  other = (side - other_length) / 2;
  serve(chance);
}

// From a free cell of the middle column, to either side.
void Pong::serve(core::Pcg64& chance) {
  x = middle;
  do y = draw_of(chance, 0, side - 1);
  while (blocks >> y & 1);
  dx = 2 * draw_of(chance, 0, 1) - 1;
  dy = draw_of(chance, -1, 1);
}

Outcome Pong::step(int64_t action, core::Pcg64& chance) {
  if (is_over()) return {0, 1};
  const int32_t moved = move(paddle, own_length, int32_t(action == 2) - int32_t(action == 1));
  const int32_t answered = answer(chance);
  const float reward = fly(moved, answered, chance);
  return {reward, is_over()};
}

// The other paddle's move, towards the ball's row.
int32_t Pong::answer(core::Pcg64& chance) {
  if (draw_of(chance, 1, 10) > agility) return 0;
  return move(other, other_length, sign(y - other - (other_length - 1) / 2));
}

// The ball's step; the points that it brings.
float Pong::fly(int32_t moved, int32_t answered, core::Pcg64& chance) {
  y = mirrored(y + dy, dy);
  const int32_t ahead = x + dx;
  const bool at_own = ahead == side - 1, at_other = ahead == 0;
  if (ahead == middle && (blocks >> y & 1)) {
    dx = -dx;
  } else if (at_own && covers(paddle, own_length, y)) {
    dx = -1;
    dy = deflection(paddle, own_length, y, moved);
  } else if (at_other && covers(other, other_length, y)) {
    dx = 1;
    dy = std::clamp(deflection(other, other_length, y, answered) + draw_of(chance, -1, 1), -2, 2);
  } else if (at_own || at_other) {
    ++(at_own ? lost : won);
    serve(chance);
    return at_own ? -1.0f : 1.0f;
  } else {
    x = ahead;
  }
  return 0;
}

void Pong::observe(FeaturePlanes seen) const {
  for (int32_t k = 0; k < own_length; ++k) seen.set(paddle + k, side - 1, 0);
  for (int32_t k = 0; k < other_length; ++k) seen.set(other + k, 0, 1);
  int32_t speed = dy;
  seen.set(y, x, 2);
  seen.set(mirrored(y + dy, speed), x + dx, 3);
  for (uint32_t rows = blocks; rows; rows &= rows - 1) seen.set(std::countr_zero(rows), middle, 4);
}

void Pong::draw(core::Canvas& canvas) const {
  draw_field(canvas);
  for (int32_t row = 0; row < side; ++row)
    if (blocks >> row & 1) draw_cells(canvas, row, middle, 1, 1, scene::steel);
  canvas.object("other paddle");
  draw_cells(canvas, other, 0, other_length, 1, scene::force);
  canvas.object("paddle");
  draw_cells(canvas, paddle, side - 1, own_length, 1, scene::body);
  canvas.object("ball");
  draw_ball(canvas, y, x, scene::ink);
  canvas.object("");
  draw_points(canvas, lost, true, scene::force);
  draw_points(canvas, won, false, scene::body);
}

bool Pong::is_sound() const {
  const auto within = [](int32_t value, int32_t low, int32_t high) { return value >= low && value <= high; };
  return blocks < 1U << side && std::popcount(blocks) <= most_blocks && within(agility, 0, 10) &&
         within(other_length, 2, 4) && within(paddle, 0, side - own_length) &&
         within(other, 0, side - other_length) && within(x, 1, side - 2) && is_inside(y) &&
         (dx == 1 || dx == -1) && within(dy, -2, 2) && within(won, 0, to_win) && within(lost, 0, to_win);
}

// Keeps the middle of the paddle at the row where the ball is to be next.
Controller pong_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const Seen seen(obs, Pong::channels);
    const int32_t ball = seen.find(3) / side, middle = seen.find(0) / side + 1;
    *out.discrete = ball < middle ? 1 : ball > middle ? 2 : 0;
  };
}

}  // namespace envs::arcade

#include "envs/arcade/dodger.h"

#include <algorithm>
#include <cstdlib>

#include "envs/scene.h"

namespace envs::arcade {

void Dodger::begin(core::Pcg64& chance) {
  *this = {};
  period = draw_of(chance, 3, 6);
  gap_width = draw_of(chance, 1, 3);
  eighths = draw_of(chance, 2, 7);
  x = side / 2;
  gap = draw_of(chance, 0, side - gap_width);
  launch(chance);
}

// A new wave in the upper row. Its gap can be reached from the one before, a cell a step, with one to spare.
void Dodger::launch(core::Pcg64& chance) {
  const int32_t reach = period - 2;
  gap = std::clamp(gap + draw_of(chance, -reach, reach), 0, side - gap_width);
  wait = period;
  rocks[0] = 0;
  for (int32_t column = 0; column < side; ++column) {
    const bool rock = draw_of(chance, 1, 8) <= eighths, free = column >= gap && column < gap + gap_width;
    rocks[0] |= uint32_t(rock && !free) << column;
  }
}

Outcome Dodger::step(int64_t action, core::Pcg64& chance) {
  if (over) return {0, 1};
  x = std::clamp(x + int32_t(action == 2) - int32_t(action == 1), 0, side - 1);
  std::copy_backward(rocks.begin(), rocks.end() - 1, rocks.end());
  rocks[0] = 0;
  if (--wait == 0) launch(chance);
  over = rocks.back() >> x & 1;
  return {!over && rocks.back() ? 1.0f : 0.0f, over};
}

void Dodger::observe(FeaturePlanes seen) const {
  seen.set(side - 1, x, 0);
  for (int32_t row = 0; row < side; ++row) seen.set_bits(row, rocks[size_t(row)], 1);
}

void Dodger::draw(core::Canvas& canvas) const {
  draw_field(canvas);
  canvas.object("rocks");
  for (int32_t row = 0; row < side; ++row)
    for (int32_t column = 0; column < side; ++column)
      if (rocks[size_t(row)] >> column & 1) draw_cells(canvas, row, column, 1, 1, scene::danger);
  canvas.object("player");
  draw_ball(canvas, side - 1, x, scene::force);
  canvas.object("");
}

bool Dodger::is_sound() const {
  return std::ranges::all_of(rocks, [](uint32_t row) { return row < 1U << side; }) && period >= 3 &&
         period <= 6 && gap_width >= 1 && gap_width <= 3 && eighths >= 2 && eighths <= 7 && is_inside(x) &&
         gap >= 0 && gap <= side - gap_width && wait >= 1 && wait <= period && (over == 0 || over == 1);
}

// The free column of the lowest wave above that is nearest to this one; -1 where no wave is to be seen.
static int32_t shelter(const Seen& seen, int32_t x) {
  for (int32_t row = side - 2; row >= 0; --row) {
    bool wave = false;
    int32_t best = -1;
    for (int32_t column = 0; column < side; ++column) {
      wave |= seen.at(row, column, 1);
      const bool nearer = best < 0 || std::abs(column - x) < std::abs(best - x);
      if (!seen.at(row, column, 1) && nearer) best = column;
    }
    if (wave) return best;
  }
  return -1;
}

Controller dodger_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const Seen seen(obs, Dodger::channels);
    const int32_t x = seen.find(0) % side, wanted = shelter(seen, x);
    *out.discrete = wanted < 0 || wanted == x ? 0 : wanted < x ? 1 : 2;
  };
}

}  // namespace envs::arcade

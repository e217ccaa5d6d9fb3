// The valley of both mountain cars: its height, its car and how it is drawn.
#pragma once

#include "core/canvas.h"

namespace envs {

// What the two drawings differ in. Positions in m.
struct Valley {
  double low, high, goal;
};

// The car at `x`, pushed with `push`, -1 .. 1 of the strongest.
void draw_valley(const Valley& valley, double x, double push, core::Canvas& canvas);

}  // namespace envs

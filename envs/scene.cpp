#include "envs/scene.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace envs::scene {

namespace {

core::Vec around(core::Vec center, double radius, double angle) {
  return {center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)};
}

// A triangle whose point is at `tip`, looking along (dx, dy), a unit vector.
void head(core::Canvas& canvas, core::Vec tip, double dx, double dy, double size, core::Color color) {
  const core::Vec back{tip.x - size * dx, tip.y - size * dy};
  const std::array<core::Vec, 3> corners{tip, core::Vec{back.x - size * dy / 2, back.y + size * dx / 2},
                                         core::Vec{back.x + size * dy / 2, back.y - size * dx / 2}};
  canvas.polygon(corners, core::filled(color));
}

}  // namespace

void arrow(core::Canvas& canvas, core::Vec from, core::Vec to, core::Color color, double width) {
  const double length = std::hypot(to.x - from.x, to.y - from.y), size = std::min(4 * width, length);
  if (length == 0) return;
  const double dx = (to.x - from.x) / length, dy = (to.y - from.y) / length;
  canvas.line(from, {to.x - 0.9 * size * dx, to.y - 0.9 * size * dy}, color, width);
  head(canvas, to, dx, dy, size, color);
}

void turn_arrow(core::Canvas& canvas, core::Vec center, double radius, double strength) {
  if (std::abs(strength) < 0.02) return;
  const double sense = strength > 0 ? 1 : -1, first = 1.5707963,
               sweep = sense * (0.4 + 2.4 * std::abs(strength));
  const int pieces = 24;
  for (int k = 0; k < pieces; ++k)
    canvas.line(around(center, radius, first + sweep * k / pieces),
                around(center, radius, first + sweep * (k + 1) / pieces), force, 0.12 * radius);
  const double last = first + sweep, size = 0.5 * radius, ahead = last + sense * size / radius;
  const core::Vec from = around(center, radius, last), tip = around(center, radius, ahead);
  const double length = std::hypot(tip.x - from.x, tip.y - from.y);
  head(canvas, tip, (tip.x - from.x) / length, (tip.y - from.y) / length, size, force);
}

}  // namespace envs::scene

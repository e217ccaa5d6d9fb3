#include "envs/scene.h"

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

#include "envs/classic_control/valley.h"

#include <array>
#include <cmath>

#include "envs/scene.h"

namespace envs {

namespace {

double height(double x) { return 0.45 * std::sin(3 * x) + 0.55; }

// The ground below a curve that lies `lift` above the valley, or `depth` times as steep.
void draw_ground(const Valley& valley, double lift, double depth, core::Color color, core::Canvas& canvas) {
  constexpr size_t points = 72;
  const double left = valley.low - 0.2, width = valley.high - valley.low + 0.4;
  std::array<core::Vec, points + 2> corners;
  for (size_t k = 0; k < points; ++k) {
    const double x = left + width * double(k) / (points - 1);
    corners[k] = {x, depth * height(x) + lift};
  }
  corners[points] = {left + width, -1};
  corners[points + 1] = {left, -1};
  canvas.polygon(corners, core::filled(color));
}

void draw_flag(double x, core::Canvas& canvas) {
  const double foot = height(x), top = foot + 0.22;
  canvas.line({x, foot}, {x, top}, scene::ink, 0.012);
  const std::array<core::Vec, 3> cloth{{{x, top}, {x + 0.11, top - 0.04}, {x, top - 0.08}}};
  canvas.polygon(cloth, core::filled(scene::goal));
}

// Points of the car: along the slope and above it, from the middle of its wheels' track.
struct Frame {
  core::Vec origin;
  double dx, dy;  // unit vector uphill to the right
  core::Vec at(double along, double above) const {
    return {origin.x + along * dx - above * dy, origin.y + along * dy + above * dx};
  }
};

void draw_car(const Frame& car, core::Canvas& canvas) {
  const std::array<core::Vec, 8> shell{{car.at(-0.1, 0.03), car.at(0.1, 0.03), car.at(0.1, 0.068),
                                        car.at(0.055, 0.075), car.at(0.03, 0.115), car.at(-0.045, 0.115),
                                        car.at(-0.07, 0.075), car.at(-0.1, 0.07)}};
  canvas.polygon(shell, core::filled(scene::body));
  const std::array<core::Vec, 4> window{
      {car.at(-0.055, 0.078), car.at(0.04, 0.078), car.at(0.024, 0.104), car.at(-0.04, 0.104)}};
  canvas.polygon(window, core::filled(scene::paper));
  for (const double side : {-0.06, 0.06})
    canvas.circle(car.at(side, 0.028), 0.028, {scene::ink, scene::grid, 0.008});
}

}  // namespace

void draw_valley(const Valley& valley, double x, double push, core::Canvas& canvas) {
  const double width = valley.high - valley.low;
  canvas.view({valley.low - 0.06, -0.02, width + 0.12, 1.32}, scene::paper);
  draw_ground(valley, 0.3, 0.62, {236, 234, 227}, canvas);
  draw_ground(valley, 0, 1, scene::grid, canvas);
  draw_ground(valley, -0.025, 1, {206, 205, 197}, canvas);
  draw_flag(valley.goal, canvas);
  const double slope = 1.35 * std::cos(3 * x), length = std::hypot(1, slope);
  const Frame car{{x, height(x)}, 1 / length, slope / length};
  canvas.object("car");
  draw_car(car, canvas);
  canvas.object("");
  if (std::abs(push) > 0.02)
    scene::arrow(canvas, car.at(0, 0.17), car.at(0.16 * push, 0.17), scene::force, 0.014);
}

}  // namespace envs

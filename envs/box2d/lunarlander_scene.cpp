// How LunarLander looks: night over the moon, the pad between its flags, the lander and its fire. Only state
// and last action are drawn from; nothing here touches the physics or draws a random number of the
// environment's.
#include <cmath>

#include "envs/box2d/lunarlander.h"
#include "envs/scene.h"

namespace envs {

using namespace physics;

namespace {

using core::Color;
using core::Vec;

constexpr Color night{20, 24, 36}, star{226, 228, 236}, earth{78, 126, 178}, mist{206, 222, 234};
constexpr Color dust{168, 163, 152}, rim{214, 209, 197}, rock{128, 123, 114}, bedrock{96, 92, 87};
constexpr Color shell{238, 234, 224}, shade{186, 182, 176}, glass{92, 142, 186};
constexpr Color fire{232, 132, 58}, flame{250, 206, 104}, core_of_fire{255, 246, 222};

// A number in [0, 1) for the k-th ornament: the golden ratio's multiples spread evenly.
double spread(int k, double phase) {
  const double x = 0.618033988749895 * k + phase;
  return x - std::floor(x);
}

void draw_sky(core::Canvas& canvas) {
  for (int k = 0; k < 70; ++k) {
    const double size = 0.024 + 0.045 * spread(k * k, 0.3) * spread(k, 0.5);
    canvas.circle({width * spread(k, 0.13), height * spread(k * k, 0.71)}, size, core::filled(star));
  }
  canvas.circle({16.6, 11.2}, 0.85, core::filled(earth));
  canvas.circle({16.4, 11.45}, 0.34, core::filled(mist));
  canvas.circle({16.85, 10.9}, 0.2, core::filled(mist));
  canvas.circle({17.0, 11.4}, 0.8, core::filled({night.r, night.g, night.b, 150}));
}

constexpr double beyond = 2 * width;  // pictures of other shapes than the game's show more than the game

// The ground below the terrain times `share`.
void draw_layer(const std::array<Vec, 11>& surface, double share, Color color, core::Canvas& canvas) {
  std::array<Vec, 15> outline;
  for (size_t k = 0; k < 11; ++k) outline[k + 1] = {surface[k].x, share * surface[k].y};
  outline[0] = {-beyond, outline[1].y};
  outline[12] = {width + beyond, outline[11].y};
  outline[13] = {width + beyond, -beyond};
  outline[14] = {-beyond, -beyond};
  canvas.polygon(outline, core::filled(color));
}

void draw_moon(const std::array<Vec, 11>& surface, core::Canvas& canvas) {
  draw_layer(surface, 1, dust, canvas);
  draw_layer(surface, 0.72, rock, canvas);
  draw_layer(surface, 0.4, bedrock, canvas);
  canvas.line({-beyond, surface[0].y}, surface[0], rim, 0.07);
  for (size_t k = 0; k + 1 < 11; ++k) canvas.line(surface[k], surface[k + 1], rim, 0.07);
  canvas.line(surface[10], {width + beyond, surface[10].y}, rim, 0.07);
  for (int k = 0; k < 10; ++k) {
    const size_t i = size_t(k);
    const double y = 0.5 * (surface[i].y + surface[i + 1].y), x = 0.5 * (surface[i].x + surface[i + 1].x);
    canvas.circle({x + 0.6 * spread(k, 0.2) - 0.3, 0.86 * y}, 0.05 + 0.07 * spread(k, 0.6),
                  core::filled(rock));
  }
}

void draw_pad(double left, double right, double y, core::Canvas& canvas) {
  canvas.line({left, y}, {right, y}, scene::steel, 0.16);
  for (int k = 0; k < 8; ++k)
    canvas.circle({left + 0.25 + 0.5 * k, y}, 0.05, core::filled(k % 2 ? flame : rim));
  for (const double x : {left, right}) {
    canvas.line({x, y}, {x, y + 1.67}, shell, 0.06);
    const std::array<Vec, 3> flag{{{x + 0.03, y + 1.65}, {x + 0.85, y + 1.38}, {x + 0.03, y + 1.1}}};
    canvas.polygon(flag, core::filled(scene::goal));
  }
}

// A point of the hull, given in pixels of its own frame.
Vec on(const b2Body& body, double x, double y) {
  const b2Vec2 at = body.GetWorldPoint(vec(x / scale, y / scale));
  return {double(at.x), double(at.y)};
}

// A tongue of fire from (x, y) along (dx, dy), in pixels of the hull's frame.
void draw_flame(const b2Body& hull, Vec from, Vec along, double breadth, core::Canvas& canvas) {
  const double length = std::hypot(along.x, along.y), sx = -along.y / length, sy = along.x / length;
  const auto tongue = [&](double part, Color color) {
    const double b = breadth * part, ax = along.x * part, ay = along.y * part;
    const std::array<Vec, 5> outline{on(hull, from.x + 0.7 * b * sx, from.y + 0.7 * b * sy),
                                     on(hull, from.x + b * sx + 0.35 * ax, from.y + b * sy + 0.35 * ay),
                                     on(hull, from.x + ax, from.y + ay),
                                     on(hull, from.x - b * sx + 0.35 * ax, from.y - b * sy + 0.35 * ay),
                                     on(hull, from.x - 0.7 * b * sx, from.y - 0.7 * b * sy)};
    canvas.polygon(outline, core::filled(color));
  };
  tongue(1, fire);
  tongue(0.68, flame);
  tongue(0.38, core_of_fire);
}

// Glowing puffs that drift away behind a flame and fade.
void draw_puffs(const b2Body& hull, Vec from, Vec along, int32_t age, core::Canvas& canvas) {
  for (int k = 0; k < 6; ++k) {
    const double far = 0.8 + spread(k, 0.17 * age), aside = 0.5 * (spread(k * k, 0.31 * age) - 0.5);
    const Vec at =
        on(hull, from.x + along.x * far - along.y * aside, from.y + along.y * far + along.x * aside);
    canvas.circle(at, 0.05 + 0.05 * far, core::filled({255, 196, 120, uint8_t(150 - 70 * far)}));
  }
}

void draw_fire(const b2Body& hull, const Lander::Engines& engines, int32_t age, core::Canvas& canvas) {
  const double flicker = 0.85 + 0.3 * spread(age, 0);
  if (engines.main != 0) {
    const Vec along{0, -38 * engines.main * flicker};
    draw_puffs(hull, {0, -12}, along, age, canvas);
    draw_flame(hull, {0, -12}, along, 7, canvas);
  }
  if (engines.side != 0) {
    const double side = engines.side < 0 ? -1 : 1;
    const Vec from{-16 * side, 8}, along{-20 * engines.side * flicker, 0};
    draw_puffs(hull, from, along, age, canvas);
    draw_flame(hull, from, along, 3.5, canvas);
  }
}

void draw_craft(const b2Body& hull, core::Canvas& canvas) {
  const std::array<Vec, 4> nozzle{on(hull, -5, -9), on(hull, 5, -9), on(hull, 8, -14), on(hull, -8, -14)};
  canvas.polygon(nozzle, core::filled(scene::steel));
  draw_body(hull, canvas, {shell, scene::ink, 0.04});
  const std::array<Vec, 4> skirt{on(hull, -17, -10), on(hull, 17, -10), on(hull, 17, -2), on(hull, -17, -2)};
  canvas.polygon(skirt, {scene::body, scene::ink, 0.03});
  for (const double x : {-15.5, 15.5}) canvas.line(on(hull, x, 5), on(hull, x, 11), shade, 0.12);
  canvas.circle(on(hull, 0, 7), 0.2, {glass, scene::ink, 0.04});
  canvas.circle(on(hull, -1.8, 9), 0.06, core::filled(star));
}

void draw_leg(const b2Body& hull, const b2Body& leg, double side, core::Canvas& canvas) {
  canvas.line(on(hull, 14 * side, -6), on(leg, 0, 0), shade, 0.07);
  canvas.line(on(hull, 6 * side, -10), on(leg, 0, -3), shade, 0.05);
  draw_body(leg, canvas, {scene::steel, shell, 0.03});
  canvas.line(on(leg, -6, -8), on(leg, 6, -8), shell, 0.09);
}

}  // namespace

void Lander::draw(core::Canvas& canvas) const {
  canvas.view({0, 0, width, height}, night);
  draw_sky(canvas);
  draw_fire(*hull_, engines_, age_, canvas);
  draw_moon(surface_, canvas);
  draw_pad(surface_[4].x, surface_[6].x, surface_[4].y, canvas);
  canvas.object("lander");
  draw_leg(*hull_, *legs_[0], 1, canvas);
  draw_leg(*hull_, *legs_[1], -1, canvas);
  draw_craft(*hull_, canvas);
}

}  // namespace envs

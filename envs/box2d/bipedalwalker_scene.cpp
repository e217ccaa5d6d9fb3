// How BipedalWalker looks: hills and clouds that pass more slowly the farther they are, grass, stones, the
// walker, and what its lidar sees. Only the state is drawn from.
#include <algorithm>
#include <cmath>

#include "envs/box2d/bipedalwalker.h"
#include "envs/scene.h"

namespace envs {

using namespace physics;

namespace {

using core::Color;
using core::Vec;

constexpr Color sky{214, 230, 240}, cloud{250, 252, 253}, sun{250, 226, 158};
constexpr Color far_hills{176, 203, 212}, near_hills{150, 188, 174};
constexpr Color grass{112, 160, 92}, tuft{136, 184, 108}, soil{140, 112, 84}, deep{112, 88, 68};
constexpr Color stone{150, 150, 152}, edge{112, 113, 118}, ray{206, 72, 72, 110};

// The game's window onto the world, from `left` on. Pictures of another shape than the game's show more: half
// a window more is painted on either side, and as far below.
struct Window {
  double left;
  double from() const { return left - beyond; }
  double to() const { return left + width + beyond; }
  static constexpr double beyond = width / 2;
};

void draw_hills(const Window& window, double distance, double base, double rise, Color color,
                core::Canvas& canvas) {
  constexpr size_t pieces = 96;
  std::array<Vec, pieces + 3> outline;
  for (size_t k = 0; k <= pieces; ++k) {
    const double x = 2 * width * double(k) / pieces - Window::beyond, at = x + window.left / distance;
    outline[k] = {window.left + x, base + rise * (std::sin(0.5 * at) + 0.5 * std::sin(1.27 * at + distance))};
  }
  outline[pieces + 1] = {window.to(), 0};
  outline[pieces + 2] = {window.from(), 0};
  canvas.polygon(outline, core::filled(color));
}

void draw_cloud(const Terrain::Cloud& corners, double drift, core::Canvas& canvas) {
  Vec middle;
  for (const Vec at : corners) {
    middle.x += at.x / 5;
    middle.y += at.y / 5;
  }
  for (size_t k = 0; k < corners.size(); ++k) {  // five puffs along its breadth
    const double x = 0.28 * (corners[k].x - middle.x), y = 0.1 * (corners[k].y - middle.y);
    canvas.circle({middle.x + x + drift, middle.y + 0.7 + y}, 0.5 + 0.09 * double(k % 3),
                  core::filled(cloud));
  }
}

void draw_sky(const Window& window, const Terrain& terrain, core::Canvas& canvas) {
  canvas.circle({window.left + 16.5, 11.3}, 0.9, core::filled(sun));
  for (const auto& corners : terrain.clouds) draw_cloud(corners, window.left / 2, canvas);
  draw_hills(window, 6, 5.1, 0.5, far_hills, canvas);
  draw_hills(window, 3, 3.7, 0.4, near_hills, canvas);
}

// The steps of the terrain that are painted.
std::pair<size_t, size_t> shown(const Window& window) {
  const auto step = [](double x) {
    return size_t(std::clamp(x / Terrain::step, 0.0, double(Terrain::length - 1)));
  };
  return {step(window.from()), std::min(step(window.to()) + 1, Terrain::length - 1)};
}

void draw_layer(const Terrain& terrain, const Window& window, double below, Color color,
                core::Canvas& canvas) {
  const auto [first, last] = shown(window);
  std::array<Vec, Terrain::length + 2> outline;
  size_t count = 0;
  for (size_t k = first; k <= last; ++k)
    outline[count++] = {double(k) * Terrain::step, std::max(terrain.y[k] - below, 0.0)};
  for (const size_t end : {last, first}) outline[count++] = {double(end) * Terrain::step, -Window::beyond};
  canvas.polygon(std::span(outline).first(count), core::filled(color));
}

void draw_ground(const Terrain& terrain, const Window& window, core::Canvas& canvas) {
  draw_layer(terrain, window, 0, grass, canvas);
  draw_layer(terrain, window, 0.45, soil, canvas);
  draw_layer(terrain, window, 1.7, deep, canvas);
  const auto [first, last] = shown(window);
  for (size_t k = first; k < last; ++k) {
    const Vec a{double(k) * Terrain::step, terrain.y[k]}, b{a.x + Terrain::step, terrain.y[k + 1]};
    canvas.line(a, b, k % 2 ? tuft : grass, 0.12);
  }
}

void draw_block(const Terrain::Block& b, core::Canvas& canvas) {
  const std::array<Vec, 4> corners{
      {{b.left, b.bottom}, {b.right, b.bottom}, {b.right, b.top}, {b.left, b.top}}};
  canvas.polygon(corners, {stone, edge, 0.05});
  for (double y = b.top - Terrain::step; y > b.bottom + 0.1; y -= Terrain::step)
    canvas.line({b.left, y}, {b.right, y}, edge, 0.03);
}

void draw_flag(size_t step, const Terrain& terrain, Color color, core::Canvas& canvas) {
  const double x = double(step) * Terrain::step, y = terrain.y[step];
  canvas.line({x, y}, {x, y + 1.67}, scene::ink, 0.06);
  const std::array<Vec, 3> cloth{{{x + 0.03, y + 1.65}, {x + 0.85, y + 1.38}, {x + 0.03, y + 1.1}}};
  canvas.polygon(cloth, core::filled(color));
}

void draw_lidar(const Lidar& lidar, core::Canvas& canvas) {
  for (size_t k = 0; k < Lidar::rays; ++k) {
    const b2Vec2 a = lidar.from(), b = lidar.to(k);
    const float seen = lidar.fractions()[k];
    const Vec from{double(a.x), double(a.y)},
        to{double(a.x + seen * (b.x - a.x)), double(a.y + seen * (b.y - a.y))};
    canvas.line(from, to, ray, 0.03);
    if (seen < 1) canvas.circle(to, 0.07, core::filled({ray.r, ray.g, ray.b, 220}));
  }
}

Color mixed(Color a, Color b, double share) {
  const auto channel = [&](uint8_t x, uint8_t y) { return uint8_t(x + share * (y - x)); };
  return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b)};
}

// `share`: how far in the shade the leg is.
void draw_leg(const b2Body& upper, const b2Body& lower, const b2Joint& knee, double share, bool stands,
              core::Canvas& canvas) {
  const Color thigh = mixed(scene::force, scene::ink, share),
              shin = mixed({112, 164, 214}, scene::ink, share);
  draw_body(lower, canvas, {shin, scene::ink, 0.035});
  draw_body(upper, canvas, {thigh, scene::ink, 0.035});
  const b2Vec2 at = knee.GetAnchorA(), foot = lower.GetWorldPoint(vec(0, -15 / scale));
  canvas.circle({double(at.x), double(at.y)}, 0.1, {scene::paper, scene::ink, 0.035});
  if (stands) canvas.circle({double(foot.x), double(foot.y)}, 0.07, core::filled(scene::goal));
}

void draw_hull(const b2Body& hull, core::Canvas& canvas) {
  const auto on = [&](double x, double y) {
    const b2Vec2 at = hull.GetWorldPoint(vec(x / scale, y / scale));
    return Vec{double(at.x), double(at.y)};
  };
  draw_body(hull, canvas, {scene::body, scene::ink, 0.05});
  const std::array<Vec, 4> belly{on(-30, -8), on(34, -8), on(34, -4), on(-30, -4)};
  canvas.polygon(belly, core::filled(mixed(scene::body, scene::ink, 0.35)));
  canvas.circle(on(18, 1), 0.13, {scene::paper, scene::ink, 0.03});
  canvas.circle(on(19.5, 1), 0.06, core::filled(scene::ink));
}

}  // namespace

void BipedalWalker::draw(core::Canvas& canvas) const {
  const Window window{double(hull_->GetPosition().x) - width / 5};
  canvas.view({window.left, 0, width, height}, sky);
  draw_sky(window, terrain_, canvas);
  draw_ground(terrain_, window, canvas);
  for (size_t k = 0; k < terrain_.block_count; ++k) draw_block(terrain_.blocks[k], canvas);
  draw_flag(3, terrain_, scene::goal, canvas);
  draw_flag(Terrain::length - Terrain::finish_pad, terrain_, scene::danger, canvas);
  draw_lidar(lidar_, canvas);
  canvas.object("walker");
  draw_leg(*legs_[0], *legs_[1], *joints_[1], 0.4, touch_.foot[0], canvas);
  draw_hull(*hull_, canvas);
  draw_leg(*legs_[2], *legs_[3], *joints_[3], 0, touch_.foot[1], canvas);
}

}  // namespace envs

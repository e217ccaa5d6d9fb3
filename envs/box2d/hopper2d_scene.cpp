// How Hopper2D looks: a track with its distances, and the hopper. Only the state is drawn from.
#include <fmt/format.h>

#include <cmath>

#include "envs/box2d/hopper2d.h"
#include "envs/scene.h"

namespace envs {

using namespace physics;

namespace {

constexpr core::Color air{226, 236, 241}, track{186, 174, 158}, track_line{140, 126, 110},
    pale_limb{112, 164, 214};
constexpr double track_view = 3.6,
                 track_beyond = 3;  // width of the window; how far pictures of other shapes look [m]

void draw_track(double middle, core::Canvas& canvas) {
  const double left = middle - track_view / 2 - track_beyond, right = middle + track_view / 2 + track_beyond;
  const std::array<core::Vec, 4> ground{
      {{left, 0}, {right, 0}, {right, -track_beyond}, {left, -track_beyond}}};
  canvas.polygon(ground, core::filled(track));
  canvas.line({left, 0}, {right, 0}, track_line, 0.02);
  for (double x = std::floor(left); x <= right; x += 0.5) {
    const bool metre = x == std::floor(x);
    canvas.line({x, 0}, {x, metre ? -0.1 : -0.05}, track_line, 0.015);
    if (metre) canvas.text({x, -0.24}, fmt::format("{:.0f}", x), 0.08, track_line, core::Align::center);
  }
}

}  // namespace

void Hopper2D::draw(core::Canvas& canvas) const {
  const double middle = double(parts_[torso]->GetPosition().x);
  canvas.view({middle - track_view / 2, -0.45, track_view, 2.4}, air);
  draw_track(middle, canvas);
  canvas.object("hopper");
  draw_body(*parts_[foot], canvas, {stands() ? scene::goal : scene::steel, scene::ink, 0.012});
  draw_body(*parts_[shin], canvas, {pale_limb, scene::ink, 0.012});
  draw_body(*parts_[thigh], canvas, {scene::force, scene::ink, 0.012});
  draw_body(*parts_[torso], canvas, {scene::body, scene::ink, 0.012});
  for (const b2RevoluteJoint* joint : joints_) {
    const b2Vec2 at = joint->GetAnchorA();
    canvas.circle({double(at.x), double(at.y)}, 0.035, {scene::paper, scene::ink, 0.012});
  }
}

}  // namespace envs

#include "envs/box2d/pusher2d.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "envs/scene.h"

namespace envs {

using namespace physics;

namespace {

constexpr int push_moves = 4;  // of 10 ms in a step

double apart(core::Vec a, core::Vec b) { return std::hypot(a.x - b.x, a.y - b.y); }

// A place at least `away` from the walls of a table around the origin.
core::Vec draw_spot(const Pusher2DParams& params, double away, core::Pcg64& random) {
  const double most = params.side / 2 - away, x = random.uniform(-most, most);
  return {x, random.uniform(-most, most)};
}

core::Vec place(const b2Body& body) { return {double(body.GetPosition().x), double(body.GetPosition().y)}; }

}  // namespace

Spec Pusher2D::spec(const Params& params) {
  const auto far = float(params.side / 2), inf = std::numeric_limits<float>::infinity();
  const Space spot = Space::box({-far, -far}, {far, far});
  const Space both =
      Space::box({-far, -far, -inf, -inf, -far, -far, -inf, -inf}, {far, far, inf, inf, far, far, inf, inf});
  return {
      .observation = Space::dict({{"observation", both}, {"achieved_goal", spot}, {"desired_goal", spot}}),
      .action = Space::box({-1, -1}, {1, 1}),
      .fps = 25};
}

// Disc and goal lie where a pusher has room on every side of them, and apart; the pusher anywhere else.
Pusher2D::Pusher2D(const Params& params, core::Pcg64& random) : params_(params) {
  constexpr double inset = disc_radius + 2 * pusher_radius + 0.1, touching = disc_radius + pusher_radius;
  add_walls();
  const core::Vec disc = draw_spot(params, inset, random);
  core::Vec pusher = draw_spot(params, 1.1 * pusher_radius, random);
  while (apart(pusher, disc) < 1.1 * touching) pusher = draw_spot(params, 1.1 * pusher_radius, random);
  goal_ = draw_spot(params, inset, random);
  while (apart(goal_, disc) < 2 * disc_radius) goal_ = draw_spot(params, inset, random);
  pusher_ = add_round(pusher, pusher_radius, 1);
  disc_ = add_round(disc, disc_radius, params.disc_mass);
}

void Pusher2D::add_walls() {
  const double far = params_.side / 2;
  const std::array<b2Vec2, 4> corners{vec(-far, -far), vec(far, -far), vec(far, far), vec(-far, far)};
  b2Body* const walls = add_ground(world_);
  for (size_t k = 0; k < 4; ++k) {
    b2EdgeShape wall;
    wall.SetTwoSided(corners[k], corners[(k + 1) % 4]);
    add_to_ground(walls, wall, 0);
  }
}

b2Body* Pusher2D::add_round(core::Vec at, double radius, double mass) {
  b2BodyDef moving;
  moving.type = b2_dynamicBody;
  moving.position = vec(at.x, at.y);
  moving.fixedRotation = true;
  moving.allowSleep = false;
  moving.bullet = true;
  moving.linearDamping = float(params_.damping);
  b2CircleShape disc;
  disc.m_radius = float(radius);
  b2FixtureDef fixture;
  fixture.shape = &disc;
  fixture.density = float(mass / (std::numbers::pi * radius * radius));
  fixture.friction = 0;
  b2Body* const body = world_.CreateBody(&moving);
  body->CreateFixture(&fixture);
  return body;
}

double Pusher2D::distance() const { return apart(place(*disc_), goal_); }

Outcome Pusher2D::step(const Action* action, core::Pcg64&) {
  force_ = {std::clamp(double(action[0]), -1.0, 1.0), std::clamp(double(action[1]), -1.0, 1.0)};
  for (int move = 0; move < push_moves; ++move) {
    pusher_->ApplyForceToCenter(vec(params_.force * force_.x, params_.force * force_.y), true);
    advance(world_, 0.01, {.speeds = 10, .places = 5});
  }
  const double now = distance();
  if (params_.reward == "dense") return {float(-now), 0};
  return {now <= params_.goal_radius ? 0.0f : -1.0f, 0};
}

void Pusher2D::observe(Item* row) const {
  for (const b2Body* body : {pusher_, disc_}) {
    const b2Vec2 at = body->GetPosition(), velocity = body->GetLinearVelocity();
    row = std::copy_n(std::array{at.x, at.y, velocity.x, velocity.y}.begin(), 4, row);
  }
  for (const core::Vec at : {place(*disc_), goal_}) {
    *row++ = float(at.x);
    *row++ = float(at.y);
  }
}

void Pusher2D::draw(core::Canvas& canvas) const {
  const double far = params_.side / 2, line = 0.006 * params_.side, frame = 6 * line;
  const double whole = params_.side + 2 * frame;
  canvas.view({-far - frame, -far - frame, whole, whole}, scene::ink);
  const std::array<core::Vec, 4> table{{{-far, -far}, {far, -far}, {far, far}, {-far, far}}};
  canvas.polygon(table, core::filled(scene::paper));
  for (int k = 1; k < 4; ++k) {
    const double at = -far + k * params_.side / 4;
    canvas.line({at, -far}, {at, far}, scene::grid, line);
    canvas.line({-far, at}, {far, at}, scene::grid, line);
  }
  const bool there = distance() <= params_.goal_radius;
  canvas.object("goal");
  canvas.circle(goal_, std::max(params_.goal_radius, 2 * line),
                {{scene::goal.r, scene::goal.g, scene::goal.b, 70}, scene::goal, line});
  canvas.object("disc");
  canvas.circle(place(*disc_), disc_radius, {there ? scene::goal : scene::force, scene::ink, 1.5 * line});
  canvas.circle(place(*disc_), 0.3 * disc_radius, core::filled(scene::paper));
  canvas.object("pusher");
  const core::Vec at = place(*pusher_);
  canvas.circle(at, pusher_radius, {scene::body, scene::ink, 1.5 * line});
  canvas.object("");
  scene::arrow(canvas, at, {at.x + 0.5 * force_.x, at.y + 0.5 * force_.y}, scene::ink, 2 * line);
}

namespace {

// Where the pusher should be next: a way around the disc, to its far side as seen from the goal; once it is
// there, at the disc itself.
core::Vec aim(core::Vec pusher, core::Vec disc, core::Vec goal) {
  constexpr double touching = Pusher2D::pusher_radius + Pusher2D::disc_radius;
  const double behind = std::atan2(disc.y - goal.y, disc.x - goal.x),
               own = std::atan2(pusher.y - disc.y, pusher.x - disc.x);
  const double turn = std::remainder(behind - own, 2 * std::numbers::pi);
  const bool is_behind = std::abs(turn) < 0.25;
  const double angle = is_behind ? behind : own + std::clamp(turn, -0.8, 0.8),
               radius = is_behind ? 0.3 * touching : 1.25 * touching;
  return {disc.x + radius * std::cos(angle), disc.y + radius * std::sin(angle)};
}

}  // namespace

Controller pusher2d_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* s = reinterpret_cast<const float*>(obs);
    const core::Vec pusher{double(s[0]), double(s[1])}, disc{double(s[4]), double(s[5])},
        goal{double(s[10]), double(s[11])};
    const bool there = apart(disc, goal) < 0.05;
    const core::Vec to = there ? pusher : aim(pusher, disc, goal);
    out.continuous[0] = float(std::clamp(4 * (to.x - pusher.x) - 0.5 * double(s[2]), -1.0, 1.0));
    out.continuous[1] = float(std::clamp(4 * (to.y - pusher.y) - 0.5 * double(s[3]), -1.0, 1.0));
  };
}

}  // namespace envs

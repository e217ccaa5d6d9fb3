#include "envs/box2d/reacher2d.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "envs/scene.h"

namespace envs {

using namespace physics;

namespace {

constexpr double arm_width = 0.1;
constexpr int arm_moves = 4;  // of 10 ms in a step
constexpr double pi = std::numbers::pi;

// How far the tip is from the shoulder with the elbow at this angle.
double reach(const Reacher2DParams& params, double elbow) {
  const double a = params.upper_arm, b = params.forearm;
  return std::sqrt(a * a + b * b + 2 * a * b * std::cos(elbow));
}

double longest(const Reacher2DParams& params) { return params.upper_arm + params.forearm; }

// Any place that the tip can reach, each as likely as another.
core::Vec draw_place(const Reacher2DParams& params, core::Pcg64& random) {
  const double near = reach(params, Reacher2D::bend), far = longest(params);
  const double radius = std::sqrt(random.uniform(near * near, far * far)), angle = random.uniform(-pi, pi);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

Spec Reacher2D::spec(const Params& params) {
  const auto far = float(1.1 * longest(params)), inf = std::numeric_limits<float>::infinity();
  const Space place = Space::box({-far, -far}, {far, far});
  const Space arm = Space::box({-1, -1, -1, -1, -inf, -inf}, {1, 1, 1, 1, inf, inf});
  return {
      .observation = Space::dict({{"observation", arm}, {"achieved_goal", place}, {"desired_goal", place}}),
      .action = Space::box({-1, -1}, {1, 1}),
      .fps = 25};
}

Reacher2D::Reacher2D(const Params& params, core::Pcg64& random) : params_(params) {
  add_arm();
  const double shoulder = random.uniform(-pi, pi), elbow = random.uniform(-2, 2);
  swing(*joints_[0], shoulder, 0);
  swing(*joints_[1], elbow, 0);
  goal_ = draw_place(params, random);
}

// Stretched out to the right, where all angles are 0.
void Reacher2D::add_arm() {
  constexpr double whole_turns = std::numeric_limits<double>::infinity();
  const double a = params_.upper_arm, b = params_.forearm;
  const Material matter{params_.mass / arm_width, 0};
  links_[0] = add_body(world_, vec(a / 2, 0), 0, box(a / 2, arm_width / 2), matter);
  links_[1] = add_body(world_, vec(a + b / 2, 0), 0, box(b / 2, arm_width / 2), matter);
  for (b2Body* link : links_) link->SetSleepingAllowed(false);
  joints_[0] = join(world_, add_ground(world_), links_[0],
                    {.on_a = vec(0, 0),
                     .on_b = vec(-a / 2, 0),
                     .lower = -whole_turns,
                     .upper = whole_turns,
                     .torque = 0,
                     .speed = 0},
                    hinge_masses_[0]);
  joints_[1] = join(
      world_, links_[0], links_[1],
      {.on_a = vec(a / 2, 0), .on_b = vec(-b / 2, 0), .lower = -bend, .upper = bend, .torque = 0, .speed = 0},
      hinge_masses_[1]);
}

core::Vec Reacher2D::tip() const {
  const b2Vec2 at = links_[1]->GetWorldPoint(vec(params_.forearm / 2, 0));
  return {double(at.x), double(at.y)};
}

double Reacher2D::distance() const {
  const core::Vec at = tip();
  return std::hypot(at.x - goal_.x, at.y - goal_.y);
}

Outcome Reacher2D::step(const Action* action, core::Pcg64&) {
  for (size_t k = 0; k < 2; ++k) {
    drives_[k] = std::clamp(double(action[k]), -1.0, 1.0);
    drive(*joints_[k], drives_[k], params_.torque, params_.speed);
  }
  for (int move = 0; move < arm_moves; ++move) advance(world_, 0.01, {.speeds = 10, .places = 5});
  const double now = distance();
  if (params_.reward == "dense") return {float(-now), 0};
  return {now <= params_.goal_radius ? 0.0f : -1.0f, 0};
}

void Reacher2D::observe(Item* row) const {
  for (const b2RevoluteJoint* joint : joints_) {
    *row++ = std::cos(joint->GetJointAngle());
    *row++ = std::sin(joint->GetJointAngle());
  }
  for (const b2RevoluteJoint* joint : joints_) *row++ = joint->GetJointSpeed();
  for (const core::Vec place : {tip(), goal_}) {
    *row++ = float(place.x);
    *row++ = float(place.y);
  }
}

void Reacher2D::draw(core::Canvas& canvas) const {
  const double far = longest(params_), edge = 1.12 * far, line = 0.02 * far;
  canvas.view({-edge, -edge, 2 * edge, 2 * edge}, scene::paper);
  for (const double ring : {far, reach(params_, bend)})
    canvas.circle({0, 0}, ring, core::outlined(scene::grid, line / 2));
  const double size = std::max(params_.goal_radius, 0.02 * far);
  canvas.object("goal");
  canvas.circle(goal_, size, {{scene::goal.r, scene::goal.g, scene::goal.b, 70}, scene::goal, line / 2});
  canvas.object("arm");
  const b2Vec2 elbow = joints_[1]->GetAnchorA();
  const std::array<core::Vec, 3> joints{core::Vec{0, 0}, core::Vec{double(elbow.x), double(elbow.y)}, tip()};
  for (size_t k = 0; k < 2; ++k) canvas.line(joints[k], joints[k + 1], scene::body, 4 * line);
  canvas.circle(joints[0], 3 * line, core::filled(scene::ink));
  canvas.circle(joints[1], 2.4 * line, {scene::paper, scene::ink, line});
  canvas.circle(joints[2], 2.4 * line, core::filled(distance() <= size ? scene::goal : scene::ink));
  canvas.object("");
  for (size_t k = 0; k < 2; ++k) scene::turn_arrow(canvas, joints[k], 0.14 * far, drives_[k]);
}

namespace {

// Where the elbow must be for the tip to be as far away as the goal, on the side that is nearer.
double elbow_for(const Reacher2DParams& params, double distance, double now) {
  const double a = params.upper_arm, b = params.forearm;
  const double bent = std::acos(std::clamp((distance * distance - a * a - b * b) / (2 * a * b), -1.0, 1.0));
  return std::copysign(std::min(bent, Reacher2D::bend), now);
}

}  // namespace

Controller reacher2d_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* s = reinterpret_cast<const float*>(obs);
    const Reacher2DParams params;
    const double shoulder = std::atan2(double(s[1]), double(s[0])),
                 elbow = std::atan2(double(s[3]), double(s[2])), x = double(s[8]), y = double(s[9]);
    const double bent = elbow_for(params, std::hypot(x, y), elbow);
    const double aside =
        std::atan2(params.forearm * std::sin(bent), params.upper_arm + params.forearm * std::cos(bent));
    const double turn = std::remainder(std::atan2(y, x) - aside - shoulder, 2 * pi);
    out.continuous[0] = float(std::clamp(2 * turn - 0.6 * double(s[4]), -1.0, 1.0));
    out.continuous[1] = float(std::clamp(bent - elbow - 0.25 * double(s[5]), -1.0, 1.0));
  };
}

}  // namespace envs

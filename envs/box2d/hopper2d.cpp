#include "envs/box2d/hopper2d.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace envs {

using namespace physics;

namespace {

constexpr int hop_moves = 4;                    // of 5 ms in a step
constexpr double lowest = 0.7, steepest = 0.5;  // of the torso's middle [m]; either way [rad]

// A box, and where the hinge above it sits: in its own frame and in that of the box above.
struct PartShape {
  double half_width, half_height, mass;
  core::Vec own_hinge, hinge_above;
};
constexpr double thickness = 0.06;  // half of it
constexpr double rotor = 0.1;       // what motors add to each part's moment of inertia [kg m^2]
constexpr PartShape part_shapes[] = {{0.1, 0.2, 5, {}, {}},
                                     {thickness, 0.225, 2.5, {0, 0.225}, {0, -0.2}},
                                     {thickness, 0.25, 1.5, {0, 0.25}, {0, -0.225}},
                                     {0.2, 0.04, 1, {-0.07, 0.04}, {0, -0.25}}};

struct Range {
  double lower, upper;
};
constexpr Range joint_ranges[] = {{-0.5, 2}, {-2.4, 0}, {-0.8, 0.8}};

}  // namespace

Spec Hopper2D::spec() {
  constexpr float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> low(12, -inf), high(12, inf);
  return {.observation = Space::box(low, high),
          .action = Space::box({-1, -1, -1}, {1, 1, 1}),
          .fps = physics::fps};
}

Hopper2D::Hopper2D(const Params& params, core::Pcg64& random)
    : params_(params), world_(vec(0, -params.gravity)) {
  add_ground();
  add_parts();
  std::array<double, 3> angles{0.3, -0.6, 0.3};
  for (double& angle : angles) angle += random.uniform(-0.05, 0.05);
  bend(angles);
}

void Hopper2D::add_ground() {
  b2EdgeShape edge;
  edge.SetTwoSided(vec(-1000, 0), vec(1000, 0));
  add_to_ground(physics::add_ground(world_), edge, 0.9);
}

// Upright, all angles 0.
void Hopper2D::add_parts() {
  b2Vec2 at = vec(0, 0);
  for (size_t k = 0; k < parts_.size(); ++k) {
    const PartShape& s = part_shapes[k];
    at += vec(s.hinge_above.x - s.own_hinge.x, s.hinge_above.y - s.own_hinge.y);
    const double area = 4 * s.half_width * s.half_height;
    parts_[k] = add_body(world_, at, 0, box(s.half_width, s.half_height), {s.mass / area, 0.9});
    parts_[k]->SetSleepingAllowed(false);
    b2MassData mass;
    parts_[k]->GetMassData(&mass);
    mass.I += float(rotor);
    parts_[k]->SetMassData(&mass);
    if (k == 0) continue;
    joints_[k - 1] = join(world_, parts_[k - 1], parts_[k],
                          {.on_a = vec(s.hinge_above.x, s.hinge_above.y),
                           .on_b = vec(s.own_hinge.x, s.own_hinge.y),
                           .lower = joint_ranges[k - 1].lower,
                           .upper = joint_ranges[k - 1].upper,
                           .torque = 0,
                           .speed = 0},
                          hinge_masses_[k - 1]);
  }
}

// Into this pose, with the foot's lowest corner 3 cm above the ground.
void Hopper2D::bend(const std::array<double, 3>& angles) {
  for (size_t k = 0; k < angles.size(); ++k) swing(*joints_[k], angles[k], 0);
  const auto& sole = static_cast<const b2PolygonShape&>(*parts_[foot]->GetFixtureList()->GetShape());
  float low = std::numeric_limits<float>::infinity();
  for (int32 k = 0; k < sole.m_count; ++k)
    low = std::min(low, parts_[foot]->GetWorldPoint(sole.m_vertices[k]).y);
  for (b2Body* part : parts_)
    part->SetTransform(part->GetPosition() + b2Vec2(0, 0.03f - low), part->GetAngle());
}

bool Hopper2D::fell() const {
  return double(parts_[torso]->GetPosition().y) < lowest ||
         std::abs(double(parts_[torso]->GetAngle())) > steepest;
}

bool Hopper2D::stands() const {
  for (const b2ContactEdge* edge = parts_[foot]->GetContactList(); edge; edge = edge->next)
    if (edge->contact->IsTouching()) return true;
  return false;
}

Outcome Hopper2D::step(const Action* action, core::Pcg64&) {
  const double before = double(parts_[torso]->GetPosition().x);
  double effort = 0;
  for (size_t k = 0; k < joints_.size(); ++k) {
    const double share = std::clamp(double(action[k]), -1.0, 1.0);
    effort += share * share;
    drive(*joints_[k], share, params_.torque, params_.speed);
  }
  for (int move = 0; move < hop_moves; ++move)
    advance(world_, 1 / (fps * hop_moves), {.speeds = 20, .places = 10});
  const double way = double(parts_[torso]->GetPosition().x) - before;
  const bool over = fell();
  const double reward =
      params_.forward_reward * way * fps + (over ? 0 : params_.alive_bonus) - params_.control_cost * effort;
  return {float(reward), over};
}

void Hopper2D::observe(Item* row) const {
  const b2Body& body = *parts_[torso];
  *row++ = body.GetPosition().y;
  *row++ = body.GetAngle();
  for (const b2RevoluteJoint* joint : joints_) *row++ = joint->GetJointAngle();
  *row++ = body.GetLinearVelocity().x;
  *row++ = body.GetLinearVelocity().y;
  *row++ = body.GetAngularVelocity();
  for (const b2RevoluteJoint* joint : joints_) *row++ = joint->GetJointSpeed();
  *row++ = float(stands());
}

}  // namespace envs

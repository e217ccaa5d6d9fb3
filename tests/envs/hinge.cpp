// The Box2D games' hinge in space, against Box2D's own and against mechanics. What it does on the ground, the
// recorded landings prove.
#include "envs/box2d/hinge.h"

#include <cmath>

#include "envs/box2d/world.h"
#include "tests/catch.h"

namespace tests::hinge {

namespace {

using namespace envs::physics;

// A lander's hull and one of its legs, in space: the leg turns around the hull's middle.
class Rig {
 public:
  Rig(bool ours, const Hinge& hinge) {
    hull_ = add_body(world_, {0, 0}, 0, box(0.55, 0.4), {5, 0});
    leg_ = add_body(world_, {0.67f, -0.6f}, 0, box(0.07, 0.27), {1, 0});
    joint_ = join(world_, hull_, leg_, hinge, masses_);
    if (!ours) joint_ = plain(hinge);
  }

  void step(float torque) {
    leg_->ApplyTorque(torque, true);
    advance(world_);
  }
  void press(float torque) {  // the leg against the hull
    hull_->ApplyTorque(-torque, true);
    step(torque);
  }

  const b2Body& hull() const { return *hull_; }
  const b2Body& leg() const { return *leg_; }
  double angle() const { return double(joint_->GetJointAngle()); }
  double spin() const {  // angular momentum around the world's origin
    double sum = 0;
    for (const b2Body* body : {hull_, leg_})
      sum += double(body->GetMass() * b2Cross(body->GetWorldCenter(), body->GetLinearVelocity()) +
                    body->GetInertia() * body->GetAngularVelocity());
    return sum;
  }

 private:
  b2RevoluteJoint* plain(const Hinge& hinge) {
    world_.DestroyJoint(joint_);
    b2RevoluteJointDef joint;
    joint.bodyA = hull_;
    joint.bodyB = leg_;
    joint.localAnchorA = hinge.on_a;
    joint.localAnchorB = hinge.on_b;
    joint.enableLimit = joint.enableMotor = true;
    joint.lowerAngle = float(hinge.lower);
    joint.upperAngle = float(hinge.upper);
    joint.maxMotorTorque = float(hinge.torque);
    joint.motorSpeed = float(hinge.speed);
    return static_cast<b2RevoluteJoint*>(world_.CreateJoint(&joint));
  }

  b2World world_{b2Vec2(0, 0)};
  HingeMasses masses_;
  b2Body *hull_, *leg_;
  b2RevoluteJoint* joint_;
};

Hinge hinge(double lower, double upper, double torque) {
  return {
      .on_a = {0, 0}, .on_b = {-0.67f, 0.6f}, .lower = lower, .upper = upper, .torque = torque, .speed = 2};
}

}  // namespace

TEST_CASE("a hinge between its limits moves as Box2D's own", "[envs]") {
  const Hinge free = hinge(-30, 30, 0.1);
  Rig ours(true, free), theirs(false, free);
  for (int t = 0; t < 50; ++t) {
    const float torque = 0.2f * std::sin(0.2f * float(t));
    ours.step(torque);
    theirs.step(torque);
    CHECK(double((ours.leg().GetPosition() - theirs.leg().GetPosition()).Length()) < 1e-4);
    CHECK(ours.leg().GetAngle() == Approx(theirs.leg().GetAngle()).margin(1e-4));
    CHECK(ours.hull().GetAngle() == Approx(theirs.hull().GetAngle()).margin(1e-4));
  }
  CHECK(std::abs(ours.angle()) > 0.1);
}

TEST_CASE("a hinge pressed against its limit rests within the slop of it", "[envs]") {
  Rig rig(true, hinge(-1, 0.1, 40));
  for (int t = 0; t < 5; ++t) rig.press(5);
  const double rest = rig.angle();
  CHECK(rest > 0.1);  // a limit holds from where it is reached, not ahead of it as in Box2D 2.4
  CHECK(rest < 0.1 + double(b2_angularSlop));
  for (int t = 0; t < 50; ++t) {
    rig.press(5);
    CHECK(rig.angle() == Approx(rest).margin(1e-5));
    CHECK(std::abs(rig.hull().GetAngularVelocity()) < 1e-3);
  }
}

TEST_CASE("a hinge leaves the momentum of its two bodies alone, and lets them part from its limit",
          "[envs]") {
  Rig rig(true, hinge(-1, 0.3, 1));
  double given = 0;
  for (int t = 0; t < 100; ++t) {
    const float torque = t < 50 ? 1 : -3;
    rig.step(torque);
    given += double(torque) / fps;
    CHECK(rig.spin() == Approx(given).margin(0.05));
    if (t == 49) CHECK(rig.angle() == Approx(0.3).margin(0.04));
  }
  CHECK(rig.angle() < -0.9);
}

}  // namespace tests::hinge

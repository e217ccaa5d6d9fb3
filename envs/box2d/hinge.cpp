#include "envs/box2d/hinge.h"

#include <box2d/b2_time_step.h>

#include <bit>
#include <new>

#include "envs/box2d/world.h"

namespace envs::physics {

namespace {

// Impulses are those that b receives; a receives the opposite.
class StiffHinge final : public b2RevoluteJoint {
 public:
  explicit StiffHinge(const b2RevoluteJoint& plain) : b2RevoluteJoint(plain) {}

 protected:
  // Once a step. A limit pushes from where it is reached, not ahead of it as Box2D 2.4's.
  void InitVelocityConstraints(const b2SolverData& data) override {
    const float angle = GetJointAngle();
    if (angle > m_lowerAngle) m_lowerImpulse = 0;
    if (angle < m_upperAngle) m_upperImpulse = 0;
    b2RevoluteJoint::InitVelocityConstraints(data);
    masses() = masses_now();
  }

  // Once an iteration: the motor, then pin and limit together, or the pin alone.
  void SolveVelocityConstraints(const b2SolverData& data) override {
    b2Velocity a = data.velocities[m_indexA], b = data.velocities[m_indexB];
    const float motor = motor_impulse(data.step.dt * m_maxMotorTorque, b.w - a.w);
    if (!at_limit())
      turn(motor, a, b);
    else if (!hold(motor, a, b))
      let_go(motor, a, b);
    data.velocities[m_indexA] = a;
    data.velocities[m_indexB] = b;
  }

  // Box2D's own, with its limit where this one holds and without where it does not.
  bool SolvePositionConstraints(const b2SolverData& data) override {
    const float angle = data.positions[m_indexB].a - data.positions[m_indexA].a - m_referenceAngle;
    const float beyond = at_lower() ? m_lowerAngle - angle : at_upper() ? angle - m_upperAngle : 0;
    m_enableLimit = at_limit();
    const bool settled = b2RevoluteJoint::SolvePositionConstraints(data);
    m_enableLimit = true;
    return settled && beyond <= b2_angularSlop;
  }

 private:
  bool at_lower() const { return m_angle <= m_lowerAngle; }  // when the step began
  bool at_upper() const { return m_angle >= m_upperAngle; }
  bool at_limit() const { return at_lower() || at_upper(); }
  HingeMasses& masses() { return *std::bit_cast<HingeMasses*>(GetUserData().pointer); }

  HingeMasses masses_now() const {
    HingeMasses m;
    m.pin = m_K.GetInverse();
    m.pin_per_turn = b2Mul(m.pin, b2Cross(m_invIA, m_rA) + b2Cross(m_invIB, m_rB));
    m.arm = m_rA - m_rB;
    m.reduced_mass = 1 / (m_invMassA + m_invMassB);
    m.inertia_b = 1 / m_invIB;
    const float mobility = 1 / (1 / m_invIA + m.inertia_b + m.reduced_mass * b2Dot(m.arm, m.arm));
    m.spin_share = mobility * m.inertia_b;
    m.slip_share = mobility * m.reduced_mass;
    return m;
  }

  // The motor's next one, by the speed of b against a; over the step at most `most` either way.
  float motor_impulse(float most, float speed) {
    const float before = m_motorImpulse;
    m_motorImpulse = b2Clamp(before - m_axialMass * (speed - m_motorSpeed), -most, most);
    return m_motorImpulse - before;
  }

  // The angular impulse turns b against a, around the pin, which holds.
  void turn(float angular, b2Velocity& a, b2Velocity& b) {
    const HingeMasses& m = masses();
    const b2Vec2 slip = b.v + b2Cross(b.w, m_rB) - a.v - b2Cross(a.w, m_rA);
    const b2Vec2 impulse = -b2Mul(m.pin, slip) - angular * m.pin_per_turn;
    push(impulse, a, b);
    a.w -= m_invIA * (b2Cross(m_rA, impulse) + angular);
    b.w += m_invIB * (b2Cross(m_rB, impulse) + angular);
  }

  // What makes one rigid body of the two, which keeps their momentum.
  struct Weld {
    float spin;      // what a's angular velocity gains; b's becomes the same
    b2Vec2 impulse;  // of the pin
    float angular;   // impulse of motor and limit together
  };
  Weld weld(const b2Velocity& a, const b2Velocity& b) {
    const HingeMasses& m = masses();
    const float spin_of_b = b.w - a.w;                         // against a
    const b2Vec2 slip_of_b = b.v - a.v - b2Cross(a.w, m.arm);  // beyond what a's own turning makes
    const float spin = m.spin_share * spin_of_b + m.slip_share * b2Cross(m.arm, slip_of_b);
    const b2Vec2 impulse = m.reduced_mass * (b2Cross(spin, m.arm) - slip_of_b);
    return {spin, impulse, m.inertia_b * (spin - spin_of_b) - b2Cross(m_rB, impulse)};
  }

  // At its limit. False, with nothing done, where the limit would have to pull: then the two part.
  bool hold(float motor, b2Velocity& a, b2Velocity& b) {
    const Weld w = weld(a, b);
    const float limit = w.angular - motor;
    float& held = at_lower() ? m_lowerImpulse : m_upperImpulse;
    const float now = at_lower() ? held + limit : held - limit;
    if (now < 0) return false;
    held = now;
    push(w.impulse, a, b);
    a.w = b.w = a.w + w.spin;
    return true;
  }

  // Takes back what the limit has given in this step.
  void let_go(float motor, b2Velocity& a, b2Velocity& b) {
    turn(motor + m_upperImpulse - m_lowerImpulse, a, b);
    m_lowerImpulse = m_upperImpulse = 0;
  }

  void push(b2Vec2 impulse, b2Velocity& a, b2Velocity& b) {
    m_impulse += impulse;
    a.v -= m_invMassA * impulse;
    b.v += m_invMassB * impulse;
  }
};

// Box2D makes its joints itself, of the kinds that it knows, and frees them by those kinds' sizes: a stiff
// hinge moves into the place of a plain one, with all that the world has written there.
b2RevoluteJoint* stiffen(b2RevoluteJoint* joint) {
  static_assert(sizeof(StiffHinge) == sizeof(b2RevoluteJoint));
  const b2RevoluteJoint plain(*joint);
  return new (joint) StiffHinge(plain);
}

}  // namespace

b2RevoluteJoint* join(b2World& world, b2Body* a, b2Body* b, const Hinge& hinge, HingeMasses& masses) {
  b2RevoluteJointDef joint;
  joint.bodyA = a;
  joint.bodyB = b;
  joint.userData.pointer = std::bit_cast<uintptr_t>(&masses);
  joint.localAnchorA = hinge.on_a;
  joint.localAnchorB = hinge.on_b;
  joint.referenceAngle = b->GetAngle() - a->GetAngle();  // pybox2d fills this in by itself
  joint.enableLimit = true;
  joint.lowerAngle = float(hinge.lower);
  joint.upperAngle = float(hinge.upper);
  joint.enableMotor = true;
  joint.maxMotorTorque = float(hinge.torque);
  joint.motorSpeed = float(hinge.speed);
  return stiffen(static_cast<b2RevoluteJoint*>(world.CreateJoint(&joint)));
}

void swing(b2RevoluteJoint& joint, double angle, double speed) {
  const b2Body& a = *joint.GetBodyA();
  b2Body& b = *joint.GetBodyB();
  const float turned = a.GetAngle() + joint.GetReferenceAngle() + float(angle);
  const b2Vec2 pin = joint.GetAnchorA();
  b.SetTransform(pin - b2Mul(b2Rot(turned), joint.GetLocalAnchorB()), turned);
  b.SetAngularVelocity(a.GetAngularVelocity() + float(speed));
  const auto pinned = [](const b2Body& body, b2Vec2 anchor) {
    const float w = body.GetAngularVelocity();
    return b2Cross(w, b2Mul(b2Rot(body.GetAngle() - w / float(fps)), anchor - body.GetLocalCenter()));
  };
  b.SetLinearVelocity(a.GetLinearVelocity() + pinned(a, joint.GetLocalAnchorA()) -
                      pinned(b, joint.GetLocalAnchorB()));
}

}  // namespace envs::physics

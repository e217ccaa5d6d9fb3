#include "envs/box2d/hinge.h"

#include <box2d/b2_time_step.h>

#include <new>

namespace envs::physics {

namespace {

// Impulses are those that b receives; a receives the opposite. During the iterations m_K is the inverse of
// what Box2D keeps in it.
class StiffHinge final : public b2RevoluteJoint {
 public:
  explicit StiffHinge(const b2RevoluteJoint& plain) : b2RevoluteJoint(plain) {}

 protected:
  void InitVelocityConstraints(const b2SolverData& data) override {
    const float angle = GetJointAngle();
    if (angle > m_lowerAngle) m_lowerImpulse = 0;  // a limit pushes from where it is reached, not ahead of it
    if (angle < m_upperAngle) m_upperImpulse = 0;
    b2RevoluteJoint::InitVelocityConstraints(data);
    m_K = m_K.GetInverse();
  }

  void SolveVelocityConstraints(const b2SolverData& data) override {
    b2Velocity a = data.velocities[m_indexA], b = data.velocities[m_indexB];
    drive(data.step.dt * m_maxMotorTorque, a, b);
    if (!at_limit())
      pin(a, b);
    else if (!hold(a, b))
      let_go(a, b);
    data.velocities[m_indexA] = a, data.velocities[m_indexB] = b;
  }

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

  void drive(float most, b2Velocity& a, b2Velocity& b) {
    const float before = m_motorImpulse, lag = b.w - a.w - m_motorSpeed;
    m_motorImpulse = b2Clamp(before - m_axialMass * lag, -most, most);
    twist(m_motorImpulse - before, a, b);
  }

  void pin(b2Velocity& a, b2Velocity& b) {
    push(-b2Mul(m_K, b.v + b2Cross(b.w, m_rB) - a.v - b2Cross(a.w, m_rA)), a, b);
  }

  // At its limit the hinge makes one rigid body of the two, which keeps their momentum. False, with nothing
  // done, where that would take a pull: then they part.
  bool hold(b2Velocity& a, b2Velocity& b) {
    const float mass = 1 / (m_invMassA + m_invMassB), inertia_a = 1 / m_invIA, inertia_b = 1 / m_invIB;
    const b2Vec2 arm = m_rA - m_rB, apart = b.v - a.v;
    const float mobility = 1 / (inertia_a + inertia_b + mass * b2Dot(arm, arm));
    const float w = mobility * (inertia_a * a.w + inertia_b * b.w + mass * b2Cross(arm, apart));
    const b2Vec2 impulse = mass * (b2Cross(w, arm) - apart);
    const float turn = inertia_b * (w - b.w) - b2Cross(m_rB, impulse);
    float& held = at_lower() ? m_lowerImpulse : m_upperImpulse;
    const float now = at_lower() ? held + turn : held - turn;
    if (now < 0) return false;
    held = now;
    push(impulse, a, b);
    a.w = b.w = w;
    return true;
  }

  void let_go(b2Velocity& a, b2Velocity& b) {
    twist(m_upperImpulse - m_lowerImpulse, a, b);
    m_lowerImpulse = m_upperImpulse = 0;
    pin(a, b);
  }

  void twist(float impulse, b2Velocity& a, b2Velocity& b) const {
    a.w -= m_invIA * impulse;
    b.w += m_invIB * impulse;
  }

  void push(b2Vec2 impulse, b2Velocity& a, b2Velocity& b) {
    m_impulse += impulse;
    a.v -= m_invMassA * impulse;
    a.w -= m_invIA * b2Cross(m_rA, impulse);
    b.v += m_invMassB * impulse;
    b.w += m_invIB * b2Cross(m_rB, impulse);
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

b2RevoluteJoint* join(b2World& world, b2Body* a, b2Body* b, const Hinge& hinge) {
  b2RevoluteJointDef joint;
  joint.bodyA = a, joint.bodyB = b;
  joint.localAnchorA = hinge.on_a, joint.localAnchorB = hinge.on_b;
  joint.referenceAngle = b->GetAngle() - a->GetAngle();  // pybox2d fills this in by itself
  joint.enableLimit = true, joint.lowerAngle = float(hinge.lower), joint.upperAngle = float(hinge.upper);
  joint.enableMotor = true, joint.maxMotorTorque = float(hinge.torque);
  joint.motorSpeed = float(hinge.speed);
  return stiffen(static_cast<b2RevoluteJoint*>(world.CreateJoint(&joint)));
}

}  // namespace envs::physics

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
  void InitVelocityConstraints(const b2SolverData& data) override {
    const float angle = GetJointAngle();
    if (angle > m_lowerAngle) m_lowerImpulse = 0;  // a limit pushes from where it is reached, not ahead of it
    if (angle < m_upperAngle) m_upperImpulse = 0;
    b2RevoluteJoint::InitVelocityConstraints(data);
    prepare();
  }

  void SolveVelocityConstraints(const b2SolverData& data) override {
    b2Velocity a = data.velocities[m_indexA], b = data.velocities[m_indexB];
    const float driven = drive(data.step.dt * m_maxMotorTorque, b.w - a.w);
    if (!at_limit())
      swing(driven, a, b);
    else if (!hold(driven, a, b))
      let_go(driven, a, b);
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
  Bearing& bearing() { return *std::bit_cast<Bearing*>(GetUserData().pointer); }

  void prepare() {
    Bearing& k = bearing();
    k.pin = m_K.GetInverse();
    k.give = b2Mul(k.pin, b2Cross(m_invIA, m_rA) + b2Cross(m_invIB, m_rB));
    k.arm = m_rA - m_rB;
    k.mass = 1 / (m_invMassA + m_invMassB), k.inertia_b = 1 / m_invIB;
    const float mobility = 1 / (1 / m_invIA + k.inertia_b + k.mass * b2Dot(k.arm, k.arm));
    k.share_b = mobility * k.inertia_b, k.share_apart = mobility * k.mass;
  }

  // The motor's next impulse.
  float drive(float most, float speed) {
    const float before = m_motorImpulse;
    m_motorImpulse = b2Clamp(before - m_axialMass * (speed - m_motorSpeed), -most, most);
    return m_motorImpulse - before;
  }

  // Turns b against a around the pin.
  void swing(float turn, b2Velocity& a, b2Velocity& b) {
    const Bearing& k = bearing();
    const b2Vec2 still = -b2Mul(k.pin, b.v + b2Cross(b.w, m_rB) - a.v - b2Cross(a.w, m_rA));
    const b2Vec2 impulse = still - turn * k.give;
    push(impulse, a, b);
    a.w -= m_invIA * (b2Cross(m_rA, impulse) + turn);
    b.w += m_invIB * (b2Cross(m_rB, impulse) + turn);
  }

  // At its limit the hinge makes one rigid body of the two, which keeps their momentum. False, with nothing
  // done, where that would take a pull: then they part.
  bool hold(float driven, b2Velocity& a, b2Velocity& b) {
    const Bearing& k = bearing();
    const float gains = b.w - a.w;
    const b2Vec2 apart = b.v - a.v - b2Cross(a.w, k.arm);  // beyond what a's own turning makes
    const float more = k.share_b * gains + k.share_apart * b2Cross(k.arm, apart);
    const b2Vec2 impulse = k.mass * (b2Cross(more, k.arm) - apart);
    const float turn = k.inertia_b * (more - gains) - b2Cross(m_rB, impulse) - driven;
    float& held = at_lower() ? m_lowerImpulse : m_upperImpulse;
    const float now = at_lower() ? held + turn : held - turn;
    if (now < 0) return false;
    held = now;
    push(impulse, a, b);
    a.w = b.w = a.w + more;
    return true;
  }

  void let_go(float driven, b2Velocity& a, b2Velocity& b) {
    swing(driven + m_upperImpulse - m_lowerImpulse, a, b);
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

b2RevoluteJoint* join(b2World& world, b2Body* a, b2Body* b, const Hinge& hinge, Bearing& bearing) {
  b2RevoluteJointDef joint;
  joint.bodyA = a, joint.bodyB = b;
  joint.userData.pointer = std::bit_cast<uintptr_t>(&bearing);
  joint.localAnchorA = hinge.on_a, joint.localAnchorB = hinge.on_b;
  joint.referenceAngle = b->GetAngle() - a->GetAngle();  // pybox2d fills this in by itself
  joint.enableLimit = true, joint.lowerAngle = float(hinge.lower), joint.upperAngle = float(hinge.upper);
  joint.enableMotor = true, joint.maxMotorTorque = float(hinge.torque);
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

#include "envs/box2d/world.h"

#include <algorithm>
#include <cmath>

namespace envs::physics {

b2PolygonShape outline(std::span<const core::Vec> pixels) {
  std::array<b2Vec2, b2_maxPolygonVertices> corners;
  for (size_t k = 0; k < pixels.size(); ++k) corners[k] = vec(pixels[k].x / scale, pixels[k].y / scale);
  b2PolygonShape shape;
  shape.Set(corners.data(), int32(pixels.size()));
  return shape;
}

b2PolygonShape box(double half_width, double half_height) {
  b2PolygonShape shape;
  shape.SetAsBox(float(half_width), float(half_height));
  return shape;
}

b2Body* add_body(b2World& world, b2Vec2 at, double angle, const b2PolygonShape& shape, Material matter) {
  b2BodyDef body;
  body.type = b2_dynamicBody;
  body.position = at;
  body.angle = float(angle);
  b2FixtureDef fixture;
  fixture.shape = &shape;
  fixture.density = float(matter.density);
  fixture.friction = float(matter.friction);
  fixture.filter.categoryBits = 0x20;
  fixture.filter.maskBits = 0x1;
  b2Body* made = world.CreateBody(&body);
  made->CreateFixture(&fixture);
  return made;
}

b2Body* add_ground(b2World& world) {
  const b2BodyDef still;
  return world.CreateBody(&still);
}

const b2Fixture* add_to_ground(b2Body* ground, const b2Shape& shape, double friction) {
  b2FixtureDef fixture;
  fixture.shape = &shape;
  fixture.friction = float(friction);
  return ground->CreateFixture(&fixture);
}

void move(b2Body& body, const BodyState& motion) {
  body.SetTransform(motion.at, float(motion.angle));
  body.SetLinearVelocity(motion.velocity);
  body.SetAngularVelocity(float(motion.angular_velocity));
}

namespace {

// The first contact of a program fills a table of Box2D's without a lock: it is made here, before threads do.
bool fill_contact_table() {
  b2World world(b2Vec2(0, 0));
  const auto shape = box(1, 1);
  add_to_ground(add_ground(world), shape, 0);
  add_body(world, {0, 0}, 0, shape, {1, 0});
  world.Step(0.02f, 1, 1);
  return true;
}

}  // namespace

void advance(b2World& world, double seconds, Iterations iterations) {
  [[maybe_unused]] static const bool filled = fill_contact_table();
  world.Step(float(seconds), iterations.speeds, iterations.places);
}

void drive(b2RevoluteJoint& joint, double action, double torque, double speed) {
  const double sense = double((action > 0) - (action < 0));
  joint.SetMotorSpeed(float(speed * sense));
  joint.SetMaxMotorTorque(float(torque * std::min(std::abs(action), 1.0)));
}

bool touches(const b2World& world) {
  for (const b2Contact* contact = world.GetContactList(); contact; contact = contact->GetNext())
    if (contact->IsTouching()) return true;
  return false;
}

void ContactListener::BeginContact(b2Contact* contact) {
  const b2Body *a = contact->GetFixtureA()->GetBody(), *b = contact->GetFixtureB()->GetBody();
  hull |= a == hull_ || b == hull_;
  for (size_t k = 0; k < 2; ++k) foot[k] |= a == feet_[k] || b == feet_[k];
}

void ContactListener::EndContact(b2Contact* contact) {
  const b2Body *a = contact->GetFixtureA()->GetBody(), *b = contact->GetFixtureB()->GetBody();
  for (size_t k = 0; k < 2; ++k) foot[k] &= a != feet_[k] && b != feet_[k];
}

void draw_body(const b2Body& body, core::Canvas& canvas, core::Paint paint) {
  const auto& shape = static_cast<const b2PolygonShape&>(*body.GetFixtureList()->GetShape());
  std::array<core::Vec, b2_maxPolygonVertices> corners;
  for (int32 k = 0; k < shape.m_count; ++k) {
    const b2Vec2 at = body.GetWorldPoint(shape.m_vertices[k]);
    corners[size_t(k)] = {double(at.x), double(at.y)};
  }
  canvas.polygon(std::span(corners).first(size_t(shape.m_count)), paint);
}

}  // namespace envs::physics

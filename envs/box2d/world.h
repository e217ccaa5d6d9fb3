// What Gymnasium's Box2D games share: their scale and clock, bodies, and who touches the ground.
// Box2D 2.4; metres, kilograms, seconds, radians.
#pragma once

#include <box2d/box2d.h>

#include <array>
#include <span>

#include "core/canvas.h"

namespace envs::physics {

inline constexpr double scale = 30;  // Gymnasium's sizes are in pixels of its picture: so many are a metre
inline constexpr double width = 600 / scale, height = 400 / scale;  // what the picture shows
inline constexpr double fps = 50;

inline b2Vec2 vec(double x, double y) { return {float(x), float(y)}; }

// A convex outline in pixels, up to 8 corners.
b2PolygonShape outline(std::span<const core::Vec> pixels);
b2PolygonShape box(double half_width, double half_height);

struct Material {
  double density, friction;
};
// A moving body of one shape that touches nothing but the ground.
b2Body* add_body(b2World& world, b2Vec2 at, double angle, const b2PolygonShape& shape, Material matter);
// What stands still: the ground's edges and blocks become fixtures of one body.
b2Body* add_ground(b2World& world);
const b2Fixture* add_to_ground(b2Body* ground, const b2Shape& shape, double friction);

// Where a body is and how it moves: its frame's origin, its centre of mass.
struct BodyState {
  b2Vec2 at;
  double angle;
  b2Vec2 velocity;
  double angular_velocity;
};
void move(b2Body& body, const BodyState& motion);

// Whether any two bodies of it touch.
bool touches(const b2World& world);

// How often Box2D's solver goes over speeds and places in one move: as Gymnasium's games have it.
struct Iterations {
  int speeds = 6 * 30, places = 2 * 30;
};
// One fiftieth of a second, or so many.
void advance(b2World& world, double seconds = 1 / fps, Iterations iterations = {});

// What a hinge's motor does for an action of -1 .. 1: it turns b against a, to the left or right, with that
// share of `torque`, until `speed` is reached.
void drive(b2RevoluteJoint& joint, double action, double torque, double speed);

// Whether the hull has struck the ground and which feet stand on it, as Gymnasium counts it: whichever
// contact of a foot ends lifts it, even while another goes on.
class ContactListener final : public b2ContactListener {
 public:
  void watch(const b2Body* body, std::array<const b2Body*, 2> feet) {
    hull_ = body;
    feet_ = feet;
  }
  void BeginContact(b2Contact* contact) override;
  void EndContact(b2Contact* contact) override;

  bool hull = false;
  std::array<bool, 2> foot{};

 private:
  const b2Body* hull_ = nullptr;
  std::array<const b2Body*, 2> feet_{};
};

void draw_body(const b2Body& body, core::Canvas& canvas, core::Paint paint);

}  // namespace envs::physics

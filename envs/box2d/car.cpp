#include "envs/box2d/car.h"

#include <algorithm>
#include <cmath>

namespace envs {

using namespace physics;

namespace {

constexpr double unit = Car::unit, tick = 1 / fps;
constexpr double engine_power = 100000000 * unit * unit, wheel_inertia = 4000 * unit * unit;
constexpr double tyre_force = 1000000 * unit * unit;  // the most of a wheel on the road; on grass
constexpr double grass_grip = 0.6;                    // so much of it
constexpr double stiffness = 205000 * unit * unit;    // force of a tyre for each m/s that it slips
constexpr double braking = 15, locked = 0.9;          // rad/s that a step takes; pedal that locks
constexpr double most_turn = 0.4, steering_torque = 180.0 * 900 * unit * unit;
constexpr core::Vec wheel_at[4] = {{-55, 80}, {55, 80}, {-55, -82}, {55, -82}};

b2PolygonShape shape_of(std::initializer_list<core::Vec> corners) {
  std::array<b2Vec2, b2_maxPolygonVertices> scaled;
  size_t count = 0;
  for (const core::Vec at : corners) scaled[count++] = vec(at.x * unit, at.y * unit);
  b2PolygonShape shape;
  shape.Set(scaled.data(), int32(count));
  return shape;
}

b2Body* add_hull(b2World& world, core::Vec at, double angle) {
  b2BodyDef def;
  def.type = b2_dynamicBody;
  def.position = vec(at.x, at.y);
  def.angle = float(angle);
  b2Body* hull = world.CreateBody(&def);
  for (const b2PolygonShape& part :
       {shape_of({{-60, 130}, {60, 130}, {60, 110}, {-60, 110}}),
        shape_of({{-15, 120}, {15, 120}, {20, 20}, {-20, 20}}),
        shape_of({{25, 20}, {50, -10}, {50, -40}, {20, -90}, {-20, -90}, {-50, -40}, {-50, -10}, {-25, 20}}),
        shape_of({{-50, -120}, {50, -120}, {50, -90}, {-50, -90}})})
    hull->CreateFixture(&part, 1);
  return hull;
}

double sign_of(double x) { return double(x > 0) - double(x < 0); }

// The engine turns a wheel the faster the less it turns already; brakes slow it down or stop it.
void turn_wheel(Car::Wheel& wheel, double brake) {
  wheel.speed += tick * engine_power * wheel.gas / wheel_inertia / (std::abs(wheel.speed) + 5.0);
  if (brake >= locked)
    wheel.speed = 0;
  else if (brake > 0)
    wheel.speed -= sign_of(wheel.speed) * std::min(braking * brake, std::abs(wheel.speed));
  wheel.turned += wheel.speed * tick;
}

}  // namespace

Car::Car(b2World& world, core::Vec at, double angle) : hull_(add_hull(world, at, angle)) {
  for (size_t k = 0; k < 4; ++k) add_wheel(world, k, at, angle);
}

// Gymnasium puts the wheels where they were if the car looked along y; the joints pull them to their places.
void Car::add_wheel(b2World& world, size_t k, core::Vec at, double angle) {
  const core::Vec on{wheel_at[k].x * unit, wheel_at[k].y * unit};
  const b2PolygonShape tyre = shape_of({{-14, 27}, {14, 27}, {14, -27}, {-14, -27}});
  wheels_[k].body = add_body(world, vec(at.x + on.x, at.y + on.y), angle, tyre, {0.1, 0.2});
  wheels_[k].joint = join(world, hull_, wheels_[k].body,
                          {.on_a = vec(on.x, on.y),
                           .on_b = vec(0, 0),
                           .lower = -most_turn,
                           .upper = most_turn,
                           .torque = steering_torque,
                           .speed = 0},
                          hinge_masses_[k]);
}

void Car::step(const Pedals& pedals) {
  for (size_t k = 0; k < 4; ++k) {
    Wheel& wheel = wheels_[k];
    if (k >= 2)  // the engine answers slowly, and stops at once
      wheel.gas += std::min(std::clamp(pedals.gas, 0.0, 1.0) - wheel.gas, 0.1);
    const double target = k < 2 ? -pedals.steer : 0, off = target - double(wheel.joint->GetJointAngle());
    wheel.joint->SetMotorSpeed(float(sign_of(off) * std::min(50.0 * std::abs(off), 3.0)));
    turn_wheel(wheel, pedals.brake);
    push(wheel);
  }
}

// The road pushes a tyre against its slip along and across, as far as it holds; what it takes along, the
// wheel loses.
void Car::push(Wheel& wheel) {
  const b2Vec2 ahead = wheel.body->GetWorldVector({0, 1}), aside = wheel.body->GetWorldVector({1, 0}),
               v = wheel.body->GetLinearVelocity();
  const auto along = [&v](b2Vec2 axis) {
    return double(axis.x) * double(v.x) + double(axis.y) * double(v.y);
  };
  double roll = stiffness * (wheel.speed * wheel_radius - along(ahead)), drift = stiffness * -along(aside);
  const double force = std::sqrt(roll * roll + drift * drift);
  const double most = wheel.tiles > 0 ? tyre_force : grass_grip * tyre_force;
  if (force > most) {
    roll = roll / force * most;
    drift = drift / force * most;
  }
  wheel.speed -= tick * roll * wheel_radius / wheel_inertia;
  wheel.body->ApplyForceToCenter(
      vec(drift * double(aside.x) + roll * double(ahead.x), drift * double(aside.y) + roll * double(ahead.y)),
      true);
}

Car::Wheel* Car::wheel_of(const b2Body* body) {
  const auto found =
      std::find_if(wheels_.begin(), wheels_.end(), [&](const Wheel& w) { return w.body == body; });
  return found == wheels_.end() ? nullptr : &*found;
}

}  // namespace envs

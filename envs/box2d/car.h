// A car seen from above: a hull on four wheels that roll, slip and skid, two of them steered, two driven.
// Sizes, powers and rules as in Gymnasium's car_dynamics.py, on Box2D 2.4; metres, kilograms, seconds,
// radians.
#pragma once

#include <array>

#include "envs/box2d/hinge.h"
#include "envs/box2d/world.h"

namespace envs {

class Car {
 public:
  struct Pedals {
    double steer = 0;  // where the wheels shall turn to: -1 left .. 1 right
    double gas = 0;    // 0 .. 1
    double brake = 0;  // 0 .. 1; from 0.9 on the wheels are locked
  };
  struct Wheel {
    b2Body* body = nullptr;
    b2RevoluteJoint* joint = nullptr;
    double gas = 0, turned = 0, speed = 0;  // pedal; radians rolled, and of a second
    int tiles = 0;                          // of road that it touches; none: grass
  };
  static constexpr double unit = 0.02;  // metres of a unit of Gymnasium's drawing
  static constexpr double wheel_radius = 27 * unit, wheel_half_width = 14 * unit;

  Car(b2World& world, core::Vec at, double angle);
  Car(const Car&) = delete;
  Car& operator=(const Car&) = delete;

  // What pedals, motors and tyres do in the time of a step; the world's own step comes after it.
  void step(const Pedals& pedals);

  const b2Body& hull() const { return *hull_; }
  const std::array<Wheel, 4>& wheels() const { return wheels_; }  // front left, front right, rear left, right
  Wheel* wheel_of(const b2Body* body);                            // null: no wheel
  double steering() const { return double(wheels_[0].joint->GetJointAngle()); }  // to the left

 private:
  void add_wheel(b2World& world, size_t k, core::Vec at, double angle);
  static void push(Wheel& wheel);

  b2Body* hull_ = nullptr;
  std::array<Wheel, 4> wheels_{};
  std::array<physics::HingeMasses, 4> hinge_masses_{};
};

}  // namespace envs

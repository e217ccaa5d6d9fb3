// A hinge of two bodies with a motor and a limit, in which the limit holds as in Box2D 2.3, Gymnasium's.
//
// There pin and limit are one system of three equations, which each iteration solves whole. Box2D 2.4 solves
// them in turn: with a leg seventy times lighter than its hull that is not done after 180 iterations, so that
// legs give way by hundredths of a radian, kick landers back into the sky and swing after a landing.
//
// The trick: no system has to be solved. Where pin and limit hold both, the bodies move as one rigid body,
// and what speed that has follows from their momentum alone; the impulses are what takes each body there.
// Where the limit would have to pull for it, it lets go, and two equations are left, which Box2D's own matrix
// solves.
#pragma once

#include <box2d/box2d.h>

namespace envs::physics {

struct Hinge {
  b2Vec2 on_a, on_b;    // in the frame of each body
  double lower, upper;  // angles of b against a, relative to the angle in which they are joined
  double torque, speed;
};

// What a step's iterations need of a hinge, made once: Box2D leaves no room for it in a joint.
struct HingeMasses {
  b2Mat22 pin;          // effective mass of the pin: the impulse that stops a slip, for each m/s
  b2Vec2 pin_per_turn;  // what of that impulse a turn of b against a takes, for each N m s
  b2Vec2 arm;           // from a's centre of mass to b's
  float reduced_mass, inertia_b;
  float spin_share, slip_share;  // of b's spin and of its slip in the spin of both as one body
};

// `masses` stays where it is for as long as the world does.
b2RevoluteJoint* join(b2World& world, b2Body* a, b2Body* b, const Hinge& hinge, HingeMasses& masses);

// Moves b to where the hinge holds it at this angle and speed against a, which moves as a step has left it:
// by velocities that held where both were before they moved.
void swing(b2RevoluteJoint& joint, double angle, double speed);

}  // namespace envs::physics

// A hinge of two bodies with a motor and a limit, in which the limit holds as in Box2D 2.3, Gymnasium's.
// There pin and limit are one system of equations, which each iteration solves whole. Box2D 2.4 solves them
// in turn: with a leg seventy times lighter than its hull that is not done after 180 iterations, so that legs
// give way by hundredths of a radian, kick landers back into the sky and swing after a landing.
#pragma once

#include <box2d/box2d.h>

namespace envs::physics {

struct Hinge {
  b2Vec2 on_a, on_b;    // in the frame of each body
  double lower, upper;  // angles of b against a, relative to the angle in which they are joined
  double torque, speed;
};

// What a step's iterations need of a hinge, made once: Box2D leaves no room for it in a joint.
struct Bearing {
  b2Mat22 pin;                 // the impulse that stops a slip of the pin, for each m/s
  b2Vec2 give;                 // what a turn of b against a takes from it
  b2Vec2 arm;                  // from a's middle to b's
  float mass, inertia_b;       // reduced mass of the two
  float share_b, share_apart;  // in the turning of both as one body
};

// The bearing stays where it is for as long as the world does.
b2RevoluteJoint* join(b2World& world, b2Body* a, b2Body* b, const Hinge& hinge, Bearing& bearing);

// Moves b to where the hinge holds it at this angle and speed against a, which moves as a step has left it:
// by velocities that held where both were before they moved.
void swing(b2RevoluteJoint& joint, double angle, double speed);

}  // namespace envs::physics

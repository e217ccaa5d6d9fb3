// Hopper2D: a torso on one leg of thigh, shin and foot hops to the right. Of our own, after MuJoCo's Hopper
// (Erez, Tassa & Todorov 2011): its reward is speed and staying up, less the cost of control.
#pragma once

#include <array>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/hinge.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct Hopper2DParams {
  double gravity = 10, torque = 60, speed = 12, forward_reward = 1, alive_bonus = 1, control_cost = 0.001;

  void fields(core::Fields& f) {
    f.add("gravity", gravity, "Acceleration of gravity, downwards", {.min = 1, .max = 25, .unit = "m/s^2"});
    f.add("torque", torque, "Largest of each motor", {.min = 1, .max = 300, .unit = "N m"});
    f.add("speed", speed, "From which a motor no longer drives", {.min = 1, .max = 20, .unit = "rad/s"});
    f.add("forward_reward", forward_reward, "For each metre per second to the right", {.min = 0, .max = 100});
    f.add("alive_bonus", alive_bonus, "For each step without a fall", {.min = 0, .max = 100});
    f.add("control_cost", control_cost, "Of the sum of the actions' squares", {.min = 0, .max = 100});
  }
  void check() const {}
};

class Hopper2D {
 public:
  using Params = Hopper2DParams;
  using Action = float;  // of hip, knee and ankle: sense, and share of the torque
  using Item = float;

  static Spec spec();

  Hopper2D(const Params& params, core::Pcg64& random);
  Hopper2D(const Hopper2D&) = delete;
  Hopper2D& operator=(const Hopper2D&) = delete;

  Outcome step(const Action* action, core::Pcg64& random);  // [3]
  // [12]: height of the torso's middle, its angle, the joints' angles; speed along x and y, the torso's
  // angular speed, the joints' speeds; whether the foot touches the ground.
  void observe(Item* row) const;
  void draw(core::Canvas& canvas) const;

 private:
  enum Part { torso, thigh, shin, foot };

  void add_ground();
  void add_parts();
  void bend(const std::array<double, 3>& angles);
  bool fell() const;
  bool stands() const;  // on its foot

  Params params_;
  b2World world_;
  std::array<b2Body*, 4> parts_{};
  std::array<physics::HingeMasses, 3> hinge_masses_{};
  std::array<b2RevoluteJoint*, 3> joints_{};  // hip, knee, ankle
};

// Pushes off while its foot is on the ground, and in the air puts the foot where it will land.
Controller hopper2d_controller();

}  // namespace envs

// Reacher2D: an arm of two links on a table brings its tip to a goal that each episode draws anew. Of our
// own, after MuJoCo's Reacher; observations have the parts of Gymnasium-Robotics' goal environments, and
// rewards follow from achieved and desired goal alone, for learning in hindsight (Andrychowicz et al. 2017).
#pragma once

#include <array>
#include <string>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/hinge.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct Reacher2DParams {
  std::string reward = "dense";
  double upper_arm = 1, forearm = 1, mass = 0.5, torque = 10, speed = 8, goal_radius = 0.1;

  void fields(core::Fields& f) {
    f.choice("reward", reward,
             "dense: less the tip's distance from the goal [m]; sparse: 0 within goal_radius, -1 elsewhere",
             {"dense", "sparse"});
    f.add("upper_arm", upper_arm, "Length of the first link", {.min = 0.2, .max = 5, .unit = "m"});
    f.add("forearm", forearm, "Length of the second link", {.min = 0.2, .max = 5, .unit = "m"});
    f.add("mass", mass, "Of a metre of either link", {.min = 0.05, .max = 10, .unit = "kg/m"});
    f.add("torque", torque, "Largest of either motor", {.min = 0.1, .max = 200, .unit = "N m"});
    f.add("speed", speed, "From which a motor no longer drives", {.min = 0.5, .max = 20, .unit = "rad/s"});
    f.add("goal_radius", goal_radius, "Within which the tip has reached the goal",
          {.min = 0.01, .max = 1, .unit = "m"});
  }
  void check() const {}
};

class Reacher2D {
 public:
  using Params = Reacher2DParams;
  using Action = float;  // of shoulder and elbow: sense, and share of the torque
  using Item = float;
  static constexpr double bend = 2.8;  // of the elbow, either way [rad]

  static Spec spec(const Params& params);

  Reacher2D(const Params& params, core::Pcg64& random);
  Reacher2D(const Reacher2D&) = delete;
  Reacher2D& operator=(const Reacher2D&) = delete;

  Outcome step(const Action* action, core::Pcg64& random);  // [2]
  // [10]: cosine and sine of the shoulder's angle and of the elbow's, both speeds; tip; goal.
  void observe(Item* row) const;
  void draw(core::Canvas& canvas) const;

 private:
  void add_arm();
  core::Vec tip() const;
  double distance() const;  // of the tip from the goal [m]

  Params params_;
  b2World world_{b2Vec2(0, 0)};
  std::array<b2Body*, 2> links_{};
  std::array<physics::HingeMasses, 2> hinge_masses_{};
  std::array<b2RevoluteJoint*, 2> joints_{};
  core::Vec goal_;
  std::array<double, 2> drives_{};  // of the last step, for drawing
};

// Inverse kinematics, and a spring and damper towards the angles that it finds.
Controller reacher2d_controller();

}  // namespace envs

// Pusher2D: a round pusher on a table shoves a disc to a goal that each episode draws anew. Of our own; it
// has no grip, so that it must come from the far side. Observations and rewards as Reacher2D's.
#pragma once

#include <string>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct Pusher2DParams {
  std::string reward = "dense";
  double side = 4, force = 10, damping = 5, disc_mass = 0.5, goal_radius = 0.2;

  void fields(core::Fields& f) {
    f.choice("reward", reward,
             "dense: less the disc's distance from the goal [m]; sparse: 0 within goal_radius, -1 elsewhere",
             {"dense", "sparse"});
    f.add("side", side, "Of the square table", {.min = 3, .max = 20, .unit = "m"});
    f.add("force", force, "Largest on the pusher, of 1 kg, along x and along y",
          {.min = 1, .max = 50, .unit = "N"});
    f.add("damping", damping, "Share of its speed that either one loses to the table in a second",
          {.min = 2, .max = 20, .unit = "1/s"});
    f.add("disc_mass", disc_mass, "Mass of the disc", {.min = 0.1, .max = 5, .unit = "kg"});
    f.add("goal_radius", goal_radius, "Within which the disc's middle has reached the goal",
          {.min = 0.01, .max = 1, .unit = "m"});
  }
  void check() const {}
};

class Pusher2D {
 public:
  using Params = Pusher2DParams;
  using Action = float;  // force along x and along y, as a share of the largest
  using Item = float;
  static constexpr double pusher_radius = 0.2, disc_radius = 0.25;

  static Spec spec(const Params& params);

  Pusher2D(const Params& params, core::Pcg64& random);
  Pusher2D(const Pusher2D&) = delete;
  Pusher2D& operator=(const Pusher2D&) = delete;

  Outcome step(const Action* action, core::Pcg64& random);  // [2]
  // [12]: place and speed of the pusher, of the disc; the disc's place; the goal.
  void observe(Item* row) const;
  void draw(core::Canvas& canvas) const;

 private:
  void add_walls();
  b2Body* add_round(core::Vec at, double radius, double mass);
  double distance() const;  // of the disc from the goal [m]

  Params params_;
  b2World world_{b2Vec2(0, 0)};
  b2Body *pusher_ = nullptr, *disc_ = nullptr;
  core::Vec goal_;
  core::Vec force_;  // of the last step, as shares, for drawing
};

// Goes round the disc to its far side, then towards the goal.
Controller pusher2d_controller();

}  // namespace envs

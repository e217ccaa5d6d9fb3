// BipedalWalker: a hull on two legs of two joints each learns to walk to the right. Constants, draws, rewards
// and ends as in Gymnasium's bipedal_walker.py (v3), on Box2D 2.4.
#pragma once

#include <optional>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/hinge.h"
#include "envs/box2d/lidar.h"
#include "envs/box2d/terrain.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct BipedalWalkerParams {
  bool hardcore = false;

  void fields(core::Fields& f) {
    f.add("hardcore", hardcore, "Whether stumps, stairs and pits lie in the way");
  }
  void check() const {}
};

class BipedalWalker {
 public:
  using Params = BipedalWalkerParams;
  using Action = float;  // hip and knee of the first leg, of the second: direction, and share of the torque
  using Item = float;

  struct Start {
    Terrain terrain;
    double force;  // on the hull during the first step, to the right [N]
  };

  struct Pose {
    physics::BodyState hull;
    std::array<double, 4> angles, speeds;  // of hip and knee, of either leg
    std::array<bool, 2> feet;              // which touch the ground
  };

  static Spec spec();
  static Start draw_start(const Params& params, core::Pcg64& random);

  // Begins with a step of its own without torque, as Gymnasium's reset does.
  explicit BipedalWalker(const Start& start);
  BipedalWalker(const Params& params, core::Pcg64& random) : BipedalWalker(draw_start(params, random)) {}
  BipedalWalker(const BipedalWalker&) = delete;
  BipedalWalker& operator=(const BipedalWalker&) = delete;

  Outcome step(const Action* action);  // [4]
  Outcome step(const Action* action, core::Pcg64&) { return step(action); }
  void pose(const Pose& pose);    // goes on from there
  void observe(Item* row) const;  // [24]
  void draw(core::Canvas& canvas) const;

  const b2Body& hull() const { return *hull_; }
  const b2World& world() const { return world_; }

 private:
  void add_ground();
  void add_walker(double force);
  void add_leg(size_t k);
  double shaping() const;

  b2World world_{b2Vec2(0, -10)};
  physics::ContactListener touch_;
  Terrain terrain_;
  Ground ground_;
  Lidar lidar_;
  b2Body* hull_ = nullptr;
  std::array<b2Body*, 4> legs_{};  // upper and lower, of either leg
  std::array<physics::HingeMasses, 4> hinge_masses_{};
  std::array<b2RevoluteJoint*, 4> joints_{};  // hip and knee, of either leg
  std::optional<double> shaping_;             // of the step before
};

// Gymnasium's hand-written controller: one for each episode, as it remembers its stride.
Controller bipedalwalker_controller();

}  // namespace envs

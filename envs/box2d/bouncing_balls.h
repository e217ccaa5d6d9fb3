// Balls that bounce off each other and the walls of a box without losing speed (Sutskever & Hinton 2008,
// Multilevel distributed representations for high-dimensional sequences): a world to be watched and foretold.
#pragma once

#include <array>
#include <span>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct BouncingBallsParams {
  int64_t balls = 3;
  double side = 10, radius = 1.2, speed = 6;

  void fields(core::Fields& f) {
    f.add("balls", balls, "In the box", {.min = 1, .max = 16});
    f.add("side", side, "Of the square box", {.min = 1, .max = 100, .unit = "m"});
    f.add("radius", radius, "Of a ball", {.min = 0.05, .max = 20, .unit = "m"});
    f.add("speed", speed, "Of each ball at first, in any direction", {.min = 0, .max = 40, .unit = "m/s"});
  }
  // Error where there is no room to lay them out at random.
  void check() const;
};

class BouncingBalls {
 public:
  using Params = BouncingBallsParams;
  using Action = int64_t;  // 0: to watch is all there is to do
  using Item = float;
  static constexpr size_t most = 16;

  static Spec spec(const Params& params);

  BouncingBalls(const Params& params, core::Pcg64& random);
  BouncingBalls(const BouncingBalls&) = delete;
  BouncingBalls& operator=(const BouncingBalls&) = delete;

  Outcome step(const Action* action, core::Pcg64& random);
  void observe(Item* row) const;  // [balls, 4]: x, y, speed along x and along y
  void draw(core::Canvas& canvas) const;

 private:
  std::span<b2Body* const> balls() const { return std::span(balls_).first(size_t(params_.balls)); }
  double speed() const;  // root of the mean square, which stays [m/s]
  void add_walls();
  b2Body* add_ball(b2Vec2 at, b2Vec2 velocity);

  Params params_;
  b2World world_;
  std::array<b2Body*, most> balls_{};
};

}  // namespace envs

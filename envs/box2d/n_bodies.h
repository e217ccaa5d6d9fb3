// Planets around a sun, all of which pull at each other (the n-body system of Battaglia et al. 2016,
// Interaction networks): a world to be watched and foretold.
#pragma once

#include <array>
#include <span>

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct NBodiesParams {
  int64_t bodies = 4;
  double gravitation = 10, sun = 100, nearest = 3, farthest = 10, softening = 0.5;

  void fields(core::Fields& f) {
    f.add("bodies", bodies, "The sun and its planets", {.min = 2, .max = 12});
    f.add("gravitation", gravitation, "Gravitational constant",
          {.min = 0, .max = 100, .unit = "m^3/(kg s^2)"});
    f.add("sun", sun, "Mass of the sun; planets have 0.2 .. 2 kg", {.min = 1, .max = 1000, .unit = "kg"});
    f.add("nearest", nearest, "Radius of the nearest orbit that is drawn",
          {.min = 1, .max = 50, .unit = "m"});
    f.add("farthest", farthest, "Radius of the farthest", {.min = 1, .max = 50, .unit = "m"});
    f.add("softening", softening, "Distance below which the pull no longer grows",
          {.min = 0.1, .max = 10, .unit = "m"});
  }
  void check() const;
};

class NBodies {
 public:
  using Params = NBodiesParams;
  using Action = int64_t;  // 0: to watch is all there is to do
  using Item = float;
  static constexpr size_t most = 12;

  static Spec spec(const Params& params);

  NBodies(const Params& params, core::Pcg64& random);
  NBodies(const NBodies&) = delete;
  NBodies& operator=(const NBodies&) = delete;

  Outcome step(const Action* action, core::Pcg64& random);
  void observe(Item* row) const;  // [bodies, 5]: mass, x, y, speed along x and along y; the sun first
  void draw(core::Canvas& canvas) const;

 private:
  std::span<b2Body* const> bodies() const { return std::span(bodies_).first(size_t(params_.bodies)); }
  b2Body* add(double mass, b2Vec2 at, b2Vec2 velocity);
  void add_planet(size_t k, core::Pcg64& random);
  void pull(b2Body& a, b2Body& b) const;

  Params params_;
  b2World world_;
  std::array<b2Body*, most> bodies_{};
};

}  // namespace envs

// Ten rays from the walker's hull, from straight down to nearly level: how far each sees, as a fraction of
// its range. The ground's edges lie in order of x, so that a ray asks only those ahead of it and stops at the
// first hit.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "envs/box2d/terrain.h"
#include "envs/box2d/world.h"

namespace envs {

// The terrain as fixtures of one body.
struct Ground {
  std::array<const b2Fixture*, Terrain::length - 1> edges{};  // left to right, one a step
  std::array<const b2Fixture*, 64> blocks{};
  size_t block_count = 0;
};

class Lidar {
 public:
  static constexpr size_t rays = 10;
  static constexpr double range = 160 / physics::scale;

  void cast(const Ground& ground, b2Vec2 from) {
    from_ = from;
    for (size_t k = 0; k < rays; ++k) fractions_[k] = see(ground, {from, to(k), 1});
  }

  const std::array<float, rays>& fractions() const { return fractions_; }
  b2Vec2 from() const { return from_; }
  b2Vec2 to(size_t ray) const {  // the end of its range
    const double angle = 1.5 * double(ray) / 10;
    return physics::vec(double(from_.x) + std::sin(angle) * range, double(from_.y) - std::cos(angle) * range);
  }

 private:
  static float see(const Ground& ground, b2RayCastInput ray) {
    b2RayCastOutput hit;
    const size_t last = edge_at(double(ray.p2.x) + 0.01);
    for (size_t k = edge_at(double(ray.p1.x) - 0.01); k <= last; ++k)
      if (ground.edges[k]->RayCast(&hit, ray, 0)) {
        ray.maxFraction = hit.fraction;
        break;
      }
    for (size_t k = 0; k < ground.block_count; ++k)
      if (may_hit(*ground.blocks[k], ray) && ground.blocks[k]->RayCast(&hit, ray, 0))
        ray.maxFraction = hit.fraction;
    return ray.maxFraction;
  }

  static size_t edge_at(double x) {
    const double edge = std::floor(x / Terrain::step);
    return size_t(std::clamp(edge, 0.0, double(Terrain::length - 2)));
  }

  static bool may_hit(const b2Fixture& block, const b2RayCastInput& ray) {
    const b2AABB& bounds = block.GetAABB(0);
    return bounds.lowerBound.x <= ray.p2.x && ray.p1.x <= bounds.upperBound.x;
  }

  b2Vec2 from_{0, 0};
  std::array<float, rays> fractions_{};
};

}  // namespace envs

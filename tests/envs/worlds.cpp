// The worlds to be foretold: what physics keeps is kept.
#include <cmath>
#include <numbers>

#include "envs/box2d/bouncing_balls.h"
#include "envs/box2d/n_bodies.h"
#include "tests/catch.h"
#include "tests/refusal.h"

namespace tests::worlds {

using envs::BouncingBalls;
using envs::NBodies;

static std::array<float, 64> seen_balls(const BouncingBalls& world) {
  std::array<float, 64> row{};
  world.observe(row.data());
  return row;
}

TEST_CASE("Balls stay in their box, keep their energy, and never overlap by much", "[envs][box2d]") {
  for (const uint64_t seed : {0, 1, 2, 3}) {
    core::Pcg64 random(seed);
    const envs::BouncingBallsParams params;
    BouncingBalls world(params, random);
    int64_t bounces = 0;
    for (int t = 0; t < 1000; ++t) {
      const auto before = seen_balls(world);
      const int64_t watch = 0;
      CHECK(world.step(&watch, random).terminated == 0);
      const auto now = seen_balls(world);
      double energy = 0;
      for (size_t k = 0; k < 12; k += 4) {
        energy += double(now[k + 2] * now[k + 2] + now[k + 3] * now[k + 3]) / 2;
        bounces += std::abs(now[k + 2] - before[k + 2]) + std::abs(now[k + 3] - before[k + 3]) > 0.5f;
        for (const size_t axis : {0, 1}) {
          CHECK(now[k + axis] > float(params.radius) - 0.05f);
          CHECK(now[k + axis] < float(params.side - params.radius) + 0.05f);
        }
        for (size_t other = 0; other < k; other += 4)
          CHECK(std::hypot(now[k] - now[other], now[k + 1] - now[other + 1]) >
                2 * float(params.radius) - 0.1f);
      }
      CHECK(energy == Approx(3 * 36 / 2).epsilon(1e-4));
    }
    CHECK(bounces > 100);
  }
}

TEST_CASE("Balls that have no room are refused, many that have are laid out", "[envs][box2d]") {
  CHECK(refusal([] { envs::BouncingBallsParams{.balls = 9}.check(); }).find("expected room") !=
        std::string::npos);
  core::Pcg64 random(5);
  const envs::BouncingBallsParams many{.balls = 16, .radius = 0.5};
  many.check();
  const BouncingBalls world(many, random);
  const auto row = seen_balls(world);
  for (size_t k = 0; k < 64; k += 4)
    for (size_t other = 0; other < k; other += 4)
      CHECK(std::hypot(row[k] - row[other], row[k + 1] - row[other + 1]) > 1);
}

static std::array<float, 60> seen_bodies(const NBodies& world) {
  std::array<float, 60> row{};
  world.observe(row.data());
  return row;
}

// Of the whole system.
struct Kept {
  double x = 0, y = 0, energy = 0;  // momentum, energy
};
static Kept kept(const envs::NBodiesParams& params, const NBodies& world) {
  const auto row = seen_bodies(world);
  Kept all;
  for (size_t a = 0; a < 5 * size_t(params.bodies); a += 5) {
    const double mass = double(row[a]), vx = double(row[a + 3]), vy = double(row[a + 4]);
    all.x += mass * vx, all.y += mass * vy, all.energy += mass * (vx * vx + vy * vy) / 2;
    for (size_t b = 0; b < a; b += 5)
      all.energy -= params.gravitation * mass * double(row[b]) /
                    std::sqrt(std::pow(row[a + 1] - row[b + 1], 2) + std::pow(row[a + 2] - row[b + 2], 2) +
                              params.softening * params.softening);
  }
  return all;
}

TEST_CASE("Planets keep momentum and energy over ten seconds", "[envs][box2d]") {
  for (const uint64_t seed : {0, 1, 2, 3}) {
    core::Pcg64 random(seed);
    const envs::NBodiesParams params;
    NBodies world(params, random);
    const Kept first = kept(params, world);
    CHECK(first.energy < 0);
    const int64_t watch = 0;
    for (int t = 0; t < 500; ++t) world.step(&watch, random);
    const Kept last = kept(params, world);
    CHECK(std::hypot(last.x - first.x, last.y - first.y) < 0.05);
    CHECK(last.energy == Approx(first.energy).epsilon(0.02));
  }
}

TEST_CASE("A planet alone goes round in the time of its circle", "[envs][box2d]") {
  core::Pcg64 random(0);
  const envs::NBodiesParams params{.bodies = 2, .sun = 1000, .nearest = 8, .farthest = 8};
  NBodies world(params, random);
  const auto first = seen_bodies(world);
  const double square = 64 + params.softening * params.softening;
  const double speed = std::sqrt(params.gravitation * 1000 * 64 / (square * std::sqrt(square)));
  const auto steps = int(std::lround(2 * std::numbers::pi * 8 / speed * 50));
  const int64_t watch = 0;
  for (int t = 0; t < steps; ++t) world.step(&watch, random);
  const auto last = seen_bodies(world);
  CHECK(std::hypot(last[6] - first[6], last[7] - first[7]) < 0.05 * 2 * std::numbers::pi * 8);
}

}  // namespace tests::worlds

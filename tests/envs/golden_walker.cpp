// BipedalWalker from recorded terrain and force. It stands on the ground from its first step on, and ground
// contacts are Box2D 2.4's, not the recordings' 2.3's: the first steps stay near, later ones need not.
#include <cmath>
#include <map>

#include "envs/box2d/bipedalwalker.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using envs::BipedalWalker;
using envs::Terrain;

BipedalWalker::Start start_of(const GoldenFile& initial, size_t row) {
  BipedalWalker::Start start{{}, initial.number(row, "force_x")};
  const auto heights = initial.numbers(row, "ty");
  core::check(heights.size() == Terrain::length, "{}: expected {} heights, found {}", initial.where(row),
              Terrain::length, heights.size());
  std::copy(heights.begin(), heights.end(), start.terrain.y.begin());
  return start;
}

// The random numbers that a terrain of grass must have come from: each step's slope is 0.8 of the last one, a
// hundredth towards the pad's level, and a thirtieth of the draw. Where a stretch begins, the ground is
// level.
void add_draws(const std::array<double, Terrain::length>& y, Draws& draws) {
  double slope = 0;
  for (size_t k = 1; k < y.size(); ++k) {
    const double rise = y[k] - y[k - 1], home = Terrain::level - y[k - 1];
    if (k <= Terrain::start_pad) CHECK(rise == 0);
    if (rise == 0) continue;
    draws.add(30 * (rise - 0.8 * slope - 0.01 * double((home > 0) - (home < 0))));
    slope = rise;
  }
}

// All of the reset's own step, where joints and contacts begin; then, for some steps, how the hull moves and
// what the lidar sees. The legs start in the ground, and the versions push them out of it in different ways.
void check_row(const GoldenFile& file, size_t row, const BipedalWalker& walker) {
  const double t = file.number(row, "t");
  if (t > 5) return;
  std::array<float, 24> obs;
  walker.observe(obs.data());
  const auto recorded = file.numbers(row, "o");
  double worst = std::abs(double(walker.hull().GetPosition().x) - file.number(row, "hull_x"));
  for (size_t k = 0; k < obs.size(); ++k)
    if (t == -1 || k < 4 || k >= 14) worst = std::max(worst, std::abs(double(obs[k]) - recorded[k]));
  if (!(worst <= (t == -1 ? 1e-5 : 0.25))) FAIL_CHECK(file.where(row) << ": differs by " << worst);
}

}  // namespace

void check_walker_steps(const GoldenFile& file, const envs::Entry&) {
  const GoldenFile initial = load_beside(file, "initial");
  std::map<std::string, size_t> starts;
  for (size_t row = 0; row < initial.rows.size(); ++row) starts[initial.text(row, "episode")] = row;
  std::optional<BipedalWalker> walker;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    if (file.number(row, "t") == -1) {
      const auto found = starts.find(file.text(row, "episode"));
      core::check(found != starts.end(), "{}: {} lacks this episode", file.where(row), initial.name);
      walker.emplace(start_of(initial, found->second));
    } else {
      std::array<float, 4> action;
      for (size_t k = 0; k < 4; ++k) action[k] = float(file.action(row)[k]);
      walker->step(action.data());
    }
    check_row(file, row, *walker);
  }
}

void check_walker_initial(const GoldenFile& file, const envs::Entry&) {
  Draws forces{-5, 5}, slopes{-1, 1}, our_forces = forces, our_slopes = slopes;
  core::Pcg64 random(5);
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const auto start = start_of(file, row), ours = BipedalWalker::draw_start({}, random);
    forces.add(start.force), our_forces.add(ours.force);
    add_draws(start.terrain.y, slopes), add_draws(ours.terrain.y, our_slopes);
  }
  for (const Draws& draws : {forces, our_forces, slopes, our_slopes}) CHECK(draws.are_uniform());
}

}  // namespace tests

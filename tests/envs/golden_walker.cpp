// BipedalWalker step by step: our world is put where the recording was, steps with the recorded action and is
// held against the next recorded row. The recordings are Box2D 2.3's, ours is 2.4: equal but for what
// contacts do, and for the impulses that Box2D starts its solver with, which no row tells.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "envs/box2d/bipedalwalker.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/golden_errors.h"

namespace tests {

namespace {

using envs::BipedalWalker;
using envs::Terrain;

BipedalWalker::Start walker_start(const GoldenFile& initial, size_t row) {
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

// A recorded row as what goes on from there. Metres and radians.
BipedalWalker::Pose walker_pose(const GoldenFile& file, size_t row) {
  const auto o = file.numbers(row, "o");
  return {.hull = {envs::physics::vec(file.number(row, "hull_x"), file.number(row, "hull_y")), o[0],
                   envs::physics::vec(o[2] * 50 / (0.3 * 20), o[3] * 50 / (0.3 * 40 / 3)), o[1] * 50 / 2},
          .angles = {o[4], o[6] - 1, o[9], o[11] - 1},
          .speeds = {o[5] * 4, o[7] * 6, o[10] * 4, o[12] * 6},
          .feet = {o[8] != 0, o[13] != 0}};
}

// Columns that are held together.
struct Group {
  const char* name;
  std::vector<size_t> columns;  // o0 ..
};
// Joints are held apart where the recorded row has them at a limit.
struct Joint {
  const char* name;
  size_t column;
  double zero, lower, upper;  // zero: what the column adds to its angle
};
constexpr Joint joints[] = {{"hip", 4, 0, -0.8, 1.1},
                            {"knee", 6, 1, -1.6, -0.1},
                            {"hip", 9, 0, -0.8, 1.1},
                            {"knee", 11, 1, -1.6, -0.1}};

// What the reward grows by: so much of a difference is that of the place.
double shaping(double x, double angle) { return 130 * x / 30 - 5 * std::abs(angle); }

const std::vector<Group> walker_groups{{"angle", {0}},
                                       {"turning", {1}},
                                       {"x velocity", {2}},
                                       {"y velocity", {3}},
                                       {"hip's speed", {5, 10}},
                                       {"knee's speed", {7, 12}},
                                       {"lidar", {14, 15, 16, 17, 18, 19, 20, 21, 22, 23}}};

// Measured over tests/golden's recording and up to 240 more of the same make (this game on Box2D 2.3, which
// gives the recording back bit for bit): the worst median, tenth and largest error of any. What floats round
// away counts as 1e-7, 3e-7 and 1e-6. An observation's units; x, y [m], reward.
const Measured walker_measured[] = {
    {"begin", "x", 1e-7, 4.8e-7, 1e-6},
    {"begin", "y", 1e-7, 9.6e-7, 1e-6},
    {"begin", "x velocity", 1e-7, 3e-7, 1e-6},
    {"begin", "y velocity", 1e-7, 3e-7, 1e-6},
    {"begin", "angle", 1e-7, 3e-7, 1e-6},
    {"begin", "turning", 1e-7, 3e-7, 1e-6},
    {"begin", "hip", 3.3e-7, 1.2e-6, 2.4e-6},
    {"begin", "hip's speed", 1e-7, 3e-7, 1e-6},
    {"begin", "knee", 4.8e-7, 1.8e-6, 9.7e-6},
    {"begin", "knee's speed", 1e-7, 3e-7, 2e-4},
    {"begin", "lidar", 1e-7, 3e-7, 1e-6},
    {"first", "x", 4.7e-5, 1.4e-2, 1.5e-2},
    {"first", "y", 2.8e-3, 2.7e-2, 4.6e-2},
    {"first", "x velocity", 1.3e-5, 4.5e-4, 1.6e-3},
    {"first", "y velocity", 7.9e-5, 1e-3, 2.2e-3},
    {"first", "angle", 1.6e-4, 1.1e-2, 1.2e-2},
    {"first", "turning", 6.3e-6, 1.4e-4, 1.2e-3},
    {"first", "hip", 7e-3, 3.6e-2, 6.6e-1},
    {"first", "hip at a limit", 1e-7, 3e-7, 1e-6},
    {"first", "hip's speed", 1.2e-3, 1.7e-2, 3.2e-1},
    {"first", "knee", 1.6e-2, 9.2e-2, 1.3},
    {"first", "knee at a limit", 3e-1, 3.2e-1, 1.2},
    {"first", "knee's speed", 2.6e-3, 3e-2, 6.8e-1},
    {"first", "lidar", 5.7e-4, 2.3e-3, 1.8e-2},
    {"first", "reward", 1e-7, 2.2e-6, 4.3e-6},
    {"air", "x", 2.7e-5, 8.1e-5, 1.8e-3},
    {"air", "y", 5e-5, 1.9e-4, 1.1e-2},
    {"air", "x velocity", 1.3e-5, 9e-5, 1.1e-2},
    {"air", "y velocity", 3.4e-5, 7.6e-5, 4.4e-2},
    {"air", "angle", 2.3e-5, 7e-5, 1.6e-2},
    {"air", "turning", 7.3e-6, 7.1e-5, 3.2e-2},
    {"air", "hip", 3.6e-4, 8.9e-4, 5.3e-2},
    {"air", "hip at a limit", 1.4e-3, 4.9e-3, 4.9e-3},
    {"air", "hip's speed", 2.1e-4, 1.5e-3, 6.6e-1},
    {"air", "knee", 7e-4, 3e-3, 1.1e-1},
    {"air", "knee at a limit", 4.4e-4, 4.3e-3, 4.3e-2},
    {"air", "knee's speed", 1.2e-7, 1.6e-3, 8.5e-1},
    {"air", "lidar", 7.6e-6, 3.9e-5, 4.1e-3},
    {"air", "reward", 1e-7, 3e-7, 1e-6},
    {"air", "a fall's reward", 1e-7, 3e-7, 1e-6},
    {"ground", "x", 1.7e-5, 1.8e-3, 3.2e-2},
    {"ground", "y", 2.3e-5, 3.7e-3, 7.2e-2},
    {"ground", "x velocity", 1.1e-5, 2.5e-3, 1.8e-1},
    {"ground", "y velocity", 2.8e-5, 6e-3, 2.3e-1},
    {"ground", "angle", 1.6e-5, 1.5e-3, 4.3e-2},
    {"ground", "turning", 5.8e-6, 1.1e-3, 8.6e-2},
    {"ground", "hip", 2e-4, 2.6e-2, 4.8e-1},
    {"ground", "hip at a limit", 6.3e-4, 4.8e-2, 1.1e-1},
    {"ground", "hip's speed", 9.5e-5, 3e-2, 2},
    {"ground", "knee", 2.8e-4, 1.4e-2, 1.1},
    {"ground", "knee at a limit", 1.6e-2, 3.9e-1, 8.5e-1},
    {"ground", "knee's speed", 5e-6, 1.4e-2, 2.5},
    {"ground", "lidar", 2.2e-6, 6e-4, 3.8e-2},
    {"ground", "reward", 1e-7, 3e-7, 1e-6},
    {"ground", "a fall's reward", 1e-7, 3e-7, 1e-6},
};

class Walk {
 public:
  explicit Walk(const GoldenFile& file) : file_(file), initial_(load_beside(file, "initial")) {
    for (size_t row = 0; row < initial_.rows.size(); ++row) starts_[initial_.text(row, "episode")] = row;
  }

  void check(size_t row) {
    const double t = file_.number(row, "t");
    const envs::Outcome outcome = t == -1 ? begin(row) : step(row);
    const bool stood = t >= 0 && stands(row - 1);
    const bool grounded = stood || stands(row) || envs::physics::touches(walker_->world());
    add(row, t == -1 ? "begin" : t == 0 ? "first" : grounded ? "ground" : "air", outcome);
    // The reset's step is the same in both versions; its legs are out of their limits and not as they move.
    if (t >= 0) walker_->pose(walker_pose(file_, row));
  }

  void finish() {
    errors_.check(file_.name, walker_measured);
    CHECK(double(strayed_) <= 0.2 * double(file_.rows.size()));  // measured: 0.06 .. 0.094
  }

 private:
  envs::Outcome begin(size_t row) {
    const auto found = starts_.find(file_.text(row, "episode"));
    core::check(found != starts_.end(), "{}: {} lacks this episode", file_.where(row), initial_.name);
    walker_.emplace(walker_start(initial_, found->second));
    return {};
  }

  envs::Outcome step(size_t row) {
    std::array<float, 4> action;
    for (size_t k = 0; k < 4; ++k) action[k] = float(file_.action(row)[k]);
    return walker_->step(action.data());
  }

  bool stands(size_t row) const { return file_.number(row, "o8") != 0 || file_.number(row, "o13") != 0; }

  void add(size_t row, const std::string& kind, const envs::Outcome& outcome) {
    float obs[24];
    walker_->observe(obs);
    const auto recorded = file_.numbers(row, "o");
    for (const Group& group : walker_groups)
      for (const size_t k : group.columns) errors_.add(kind, group.name, double(obs[k]) - recorded[k]);
    for (const Joint& joint : joints) {
      const double angle = recorded[joint.column] - joint.zero;
      const bool held = angle < joint.lower + 0.01 || angle > joint.upper - 0.01;
      errors_.add(kind, std::string(joint.name) + (held ? " at a limit" : ""),
                  double(obs[joint.column]) - recorded[joint.column]);
    }
    const b2Vec2 at = walker_->hull().GetPosition();
    const double x = file_.number(row, "hull_x");
    errors_.add(kind, "x", double(at.x) - x);
    errors_.add(kind, "y", double(at.y) - file_.number(row, "hull_y"));
    const bool same_end = outcome.terminated == int32_t(file_.number(row, "terminated"));
    const double reward = file_.number(row, "reward"), lacking = double(outcome.reward) - reward;
    const double due = shaping(double(at.x), double(obs[0])) - shaping(x, recorded[0]);
    if (same_end && reward == -100) errors_.add(kind, "a fall's reward", lacking);
    if (same_end && reward != -100 && kind != "begin") errors_.add(kind, "reward", lacking - due);
    strayed_ += !same_end || double(obs[8]) != recorded[8] || double(obs[13]) != recorded[13];
  }

  const GoldenFile& file_;
  GoldenFile initial_;
  std::map<std::string, size_t> starts_;
  std::optional<BipedalWalker> walker_;
  Errors errors_;
  int strayed_ = 0;  // rows where a foot's contact or the end differs
};

}  // namespace

void check_walker_steps(const GoldenFile& file, const envs::Entry&) {
  Walk walk(file);
  for (size_t row = 0; row < file.rows.size(); ++row) walk.check(row);
  walk.finish();
}

void check_walker_initial(const GoldenFile& file, const envs::Entry&) {
  Draws forces{-5, 5}, slopes{-1, 1}, our_forces = forces, our_slopes = slopes;
  core::Pcg64 random(5);
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const auto start = walker_start(file, row), ours = BipedalWalker::draw_start({}, random);
    forces.add(start.force);
    our_forces.add(ours.force);
    add_draws(start.terrain.y, slopes);
    add_draws(ours.terrain.y, our_slopes);
  }
  for (const Draws& draws : {forces, our_forces, slopes, our_slopes}) CHECK(draws.are_uniform());
}

}  // namespace tests

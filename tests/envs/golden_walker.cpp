// BipedalWalker from recorded terrain and force. It stands on the ground from its first step on, and ground
// contacts are Box2D 2.4's, not the recordings' 2.3's: the first steps stay near, later ones need not. What
// holds between recorded rows is held of every row.
#include <algorithm>
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

// A recorded row, or what ours would have written into it. Metres and radians.
struct Row {
  std::vector<double> obs;
  double x, y, reward;
  bool terminated;
};

Row recorded(const GoldenFile& file, size_t row) {
  return {file.numbers(row, "o"), file.number(row, "hull_x"), file.number(row, "hull_y"),
          file.number(row, "reward"), file.number(row, "terminated") != 0};
}

Row ours(const BipedalWalker& walker, const envs::Outcome& outcome) {
  float obs[24];
  walker.observe(obs);
  const b2Vec2 at = walker.hull().GetPosition();
  return {std::vector<double>(obs, obs + 24), double(at.x), double(at.y), double(outcome.reward),
          outcome.terminated != 0};
}

// How far ours may differ from theirs in the reset's own step, in the first step, and in the next five: five
// to six times what 20 episodes of each measure, and in the reset's step, where last bits differ, up to
// sixty. The legs start in the ground, from which the two versions' contacts push them out in different ways:
// legs and feet differ at once, and move the hull by and by.
struct Group {
  const char* name;
  std::vector<size_t> columns;  // o0 ..; 24 and 25 are hull_x and hull_y, 26 the reward
  double reset, first, next;    // tolerances
};
constexpr double any = INFINITY;

const std::vector<Group>& groups() {
  static const std::vector<Group> all{
      {"angle", {0}, 1e-7, 0.055, 0.14},
      {"turning", {1}, 1e-8, 2e-4, 0.11},
      {"velocity", {2, 3}, 1e-8, 4e-3, 0.4},
      {"hip", {4, 9}, 1e-5, 3.3, 1.7},
      {"hip's speed", {5, 10}, 1e-7, 0.3, any},
      {"knee", {6, 11}, 1e-5, 6, 3.7},
      {"knee's speed", {7, 12}, 1e-6, 0.4, any},
      {"contact", {8, 13}, 0, any, any},
      {"lidar", {14, 15, 16, 17, 18, 19, 20, 21, 22, 23}, 1e-6, 0.01, 0.19},
      {"place", {24}, 3e-6, 0.075, 0.15},
      {"height", {25}, 3e-6, 0.025, 0.5},
      {"reward", {26}, 0, 0.3, 0.4},
  };
  return all;
}

double column(const Row& row, size_t k) {
  return k == 24 ? row.x : k == 25 ? row.y : k == 26 ? row.reward : row.obs[k];
}

struct Joint {
  size_t column;             // of its angle; its speed is the next
  double unit;               // of the speed [rad/s]
  double early, soon, late;  // how far angle and speed may differ until t = 1, until 5 and later [rad]
  double usual;              // and by how much half of the later ones may, at most: ten times what they do
};
constexpr Joint joints[] = {{4, 4, 2.4, 0.5, 0.3, 4e-3},
                            {6, 6, 4, 2.4, 1.3, 0.02},
                            {9, 4, 2.4, 0.5, 0.3, 4e-3},
                            {11, 6, 4, 2.4, 1.3, 0.02}};

// What must hold of the recorded rows themselves.
class Witness {
 public:
  Witness(const GoldenFile& file, size_t row, const Terrain& terrain)
      : file_(file), row_(row), terrain_(terrain), now_(recorded(file, row)) {}

  void check_alone() {
    static const envs::Space space = BipedalWalker::spec().observation;
    for (size_t k = 0; k < 24; ++k)
      expect(now_.obs[k] >= double(space.low[k]) && now_.obs[k] <= double(space.high[k]),
             "lies outside the space");
    for (size_t ray = 0; ray < 10; ++ray)
      expect(now_.obs[14 + ray] - see(ray), 1e-6, "the lidar sees another ground");
    for (const size_t foot : {0, 1}) check_foot(foot);
  }

  void check_reset() { expect(now_.reward == 0 && !now_.terminated, "reset's step gives a reward or ends"); }

  // The reward, the end and the motions that the velocities make. Box2D moves bodies by their velocities and
  // then out of the ground and back to their joints; the allowances are five times what that comes to.
  void check_after(const Row& before) {
    double due = shaping(now_) - shaping(before);
    for (const double a : file_.numbers(row_, "a")) due -= 0.00035 * 80 * std::min(std::abs(a), 1.0);
    const bool fallen = now_.reward == -100;
    const double finish = double(Terrain::length - Terrain::finish_pad) * Terrain::step;
    if (!fallen) expect(now_.reward - due, 1e-9, "the reward is not what its rows give, but differs");
    expect(now_.terminated == (fallen || now_.x > finish), "ends without a fall, or does not");

    const double t = file_.number(row_, "t"), early = t <= 1, soon = t <= 5;
    const double vx = now_.obs[2] * 50 / (0.3 * 20), vy = now_.obs[3] * 50 / (0.3 * 40.0 / 3);
    const auto [x, y] = centre(now_);
    const auto [x_before, y_before] = centre(before);
    const auto most = [&](double a, double b, double c) { return early ? a : soon ? b : c; };
    expect(x - x_before - vx / 50, most(0.07, 0.01, 0.005), "hull_x and velocity differ");
    expect(y - y_before - vy / 50, most(0.4, 0.16, 0.06), "hull_y and velocity differ");
    expect(now_.obs[0] - before.obs[0] - now_.obs[1] / 2, most(0.07, 0.016, 0.025),
           "angle and turning differ");
    for (const Joint& joint : joints)
      expect(slip(before, joint), most(joint.early, joint.soon, joint.late), "a joint and its speed differ");
  }

  // What a joint turned by beyond what its speed makes.
  double slip(const Row& before, const Joint& joint) const {
    return now_.obs[joint.column] - before.obs[joint.column] - joint.unit * now_.obs[joint.column + 1] / 50;
  }

  const Row& now() const { return now_; }

 private:
  void expect(bool right, const char* what) {
    if (!right) FAIL_CHECK(file_.where(row_) << ": " << what);
  }
  void expect(double error, double most, const char* what) {
    if (!(std::abs(error) <= most)) FAIL_CHECK(file_.where(row_) << ": " << what << " by " << error);
  }

  static double shaping(const Row& row) { return 130 * row.x / 30 - 5 * std::abs(row.obs[0]); }

  // The hull's centre of mass, whose velocity is observed.
  static std::pair<double, double> centre(const Row& row) {
    constexpr double x = -0.020036, y = -0.005647;  // of the hull's outline
    const double c = std::cos(row.obs[0]), s = std::sin(row.obs[0]);
    return {row.x + c * x - s * y, row.y + s * x + c * y};
  }

  double ground(double x) const {  // its height
    const double k = std::clamp(x / Terrain::step, 0.0, double(Terrain::length) - 1.001);
    const size_t left = size_t(k);
    return terrain_.y[left] + (k - double(left)) * (terrain_.y[left + 1] - terrain_.y[left]);
  }

  // The first of the ground's edges that a ray meets, as a share of its range.
  double see(size_t ray) const {
    const double angle = 0.15 * double(ray), dx = std::sin(angle) * 160 / 30,
                 dy = -std::cos(angle) * 160 / 30;
    double nearest = 1;
    for (size_t k = 0; k + 1 < Terrain::length; ++k) {
      const double x = double(k) * Terrain::step - now_.x, y = terrain_.y[k] - now_.y;
      const double rise = terrain_.y[k + 1] - terrain_.y[k], across = dx * rise - dy * Terrain::step;
      const double share = (x * rise - y * Terrain::step) / across, along = (x * dy - y * dx) / across;
      if (across != 0 && share >= 0 && along >= -1e-9 && along <= 1 + 1e-9)
        nearest = std::min(nearest, share);
    }
    return nearest;
  }

  // A foot's lower corner, above the ground.
  double clearance(size_t foot, double corner) const {
    constexpr double length = 34.0 / 30, hip = -8.0 / 30, half = 0.8 * 8 / 30 / 2;
    const double hull = now_.obs[0], upper = hull + now_.obs[4 + 5 * foot] + (foot == 0 ? -0.05 : 0.05),
                 lower = upper + now_.obs[6 + 5 * foot] - 1;
    const double x = now_.x - std::sin(hull) * hip + std::sin(upper) * length + std::sin(lower) * length +
                     std::cos(lower) * corner * half;
    const double y = now_.y + std::cos(hull) * hip - std::cos(upper) * length - std::cos(lower) * length +
                     std::sin(lower) * corner * half;
    return y - ground(x);
  }

  // A foot in contact is at the ground, one without is not below it (measured: within -0.19 .. 0.14, and
  // above -0.01).
  void check_foot(size_t foot) {
    const double contact = now_.obs[8 + 5 * foot], above = std::min(clearance(foot, -1), clearance(foot, 1));
    expect(contact == 0 || contact == 1, "a contact is not 0 or 1");
    if (contact == 1) expect(above, 0.3, "a foot in contact is away from the ground");
    if (contact == 0) expect(above > -0.1, "a foot without contact is in the ground");
  }

  const GoldenFile& file_;
  size_t row_;
  const Terrain& terrain_;
  Row now_;
};

// Ours against theirs.
void compare(const GoldenFile& file, size_t row, const Row& ours, const Row& theirs) {
  const double t = file.number(row, "t");
  if (t > 5) return;
  for (const Group& group : groups())
    for (const size_t k : group.columns) {
      const double error = column(ours, k) - column(theirs, k);
      if (!(std::abs(error) <= (t == -1 ? group.reset : t == 0 ? group.first : group.next)))
        FAIL_CHECK(file.where(row) << ": the " << group.name << " differs by " << error);
    }
  if (ours.terminated != theirs.terminated) FAIL_CHECK(file.where(row) << ": terminated differs");
}

void check_median(const GoldenFile& file, std::vector<double> slips, const Joint& joint) {
  if (slips.empty()) return;
  const auto middle = slips.begin() + int64_t(slips.size() / 2);
  std::nth_element(slips.begin(), middle, slips.end());
  if (!(*middle <= joint.usual))
    FAIL_CHECK(file.name << ": o" << joint.column << " and its speed often differ by " << *middle);
}

}  // namespace

void check_walker_steps(const GoldenFile& file, const envs::Entry&) {
  const GoldenFile initial = load_beside(file, "initial");
  std::map<std::string, size_t> starts;
  for (size_t row = 0; row < initial.rows.size(); ++row) starts[initial.text(row, "episode")] = row;
  std::optional<BipedalWalker> walker;
  std::array<std::vector<double>, std::size(joints)> slips;  // after t = 5
  BipedalWalker::Start start;
  Row before;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const bool begins = file.number(row, "t") == -1;
    envs::Outcome outcome{};
    if (begins) {
      const auto found = starts.find(file.text(row, "episode"));
      core::check(found != starts.end(), "{}: {} lacks this episode", file.where(row), initial.name);
      start = start_of(initial, found->second);
      walker.emplace(start);
    } else {
      std::array<float, 4> action;
      for (size_t k = 0; k < 4; ++k) action[k] = float(file.action(row)[k]);
      outcome = walker->step(action.data());
    }
    Witness witness(file, row, start.terrain);
    witness.check_alone();
    if (begins) witness.check_reset();
    if (!begins) witness.check_after(before);
    for (size_t k = 0; file.number(row, "t") > 5 && k < slips.size(); ++k)
      slips[k].push_back(std::abs(witness.slip(before, joints[k])));
    compare(file, row, ours(*walker, outcome), witness.now());
    before = witness.now();
  }
  for (size_t k = 0; k < slips.size(); ++k) check_median(file, slips[k], joints[k]);
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

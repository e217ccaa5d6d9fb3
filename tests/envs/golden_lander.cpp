// LunarLander step by step: our world is put where the recording was, steps with the recorded action and
// dispersion and is held against the next recorded row. The recordings are Box2D 2.3's, ours is 2.4: equal
// but for what contacts do, and for the impulses that Box2D starts its solver with, which no row tells.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>

#include "envs/box2d/lunarlander.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/golden_errors.h"

namespace tests {

namespace {

using envs::Lander;

using Key = std::pair<std::string, std::string>;  // set and episode

Key key(const GoldenFile& file, size_t row) { return {file.text(row, "set"), file.text(row, "episode")}; }

Lander::Start lander_start(const GoldenFile& initial, size_t row) {
  Lander::Start start;
  const auto heights = initial.numbers(row, "height");
  core::check(heights.size() == start.heights.size(), "{}: expected 12 heights, found {}", initial.where(row),
              heights.size());
  std::copy(heights.begin(), heights.end(), start.heights.begin());
  start.force = {initial.number(row, "force_x"), initial.number(row, "force_y")};
  return start;
}

// A leg's angle against the hull.
double leg(const GoldenFile& file, size_t row, size_t k) {
  const double turned = file.number(row, fmt::format("leg{}_angle", k));
  return turned - file.number(row, "angle") + (k == 0 ? 0.05 : -0.05);
}

// A recorded row as what goes on from there; legs turn as they did since the row before.
Lander::Pose lander_pose(const GoldenFile& file, size_t row) {
  const double angle = file.number(row, "angle"), omega = file.number(row, "omega");
  Lander::Pose pose{{envs::physics::vec(file.number(row, "x"), file.number(row, "y")), angle,
                     envs::physics::vec(file.number(row, "vx"), file.number(row, "vy")), omega},
                    {},
                    {},
                    {}};
  const double turned = angle - file.number(row - 1, "angle");
  for (size_t k = 0; k < 2; ++k) {
    pose.angles[k] = leg(file, row, k);
    pose.speeds[k] = (leg(file, row, k) - leg(file, row - 1, k) + turned) * 50 - omega;
    pose.feet[k] = file.number(row, fmt::format("o{}", 6 + k)) != 0;
  }
  return pose;
}

// What sleeps after half a second of it is left alone, so that it does.
bool rests(const Lander::Pose& pose) {
  return pose.hull.velocity.Length() < b2_linearSleepTolerance &&
         std::abs(pose.hull.angular_velocity) < double(b2_angularSleepTolerance);
}

const char* const seen[6] = {"x", "y", "x velocity", "y velocity", "angle", "turning"};

// Measured over tests/golden's recording and 240 more of the same make (this game on Box2D 2.3, which gives
// the recording back bit for bit): the worst median, tenth and largest error of any. What floats round away
// counts as 1e-7, 3e-7 and 1e-6. An observation's units; x, y [m], reward.
const Measured lander_measured[] = {
    {"begin", "angle", 1e-7, 3e-7, 1e-6},
    {"begin", "leg", 6.6e-7, 1.5e-6, 3e-6},
    {"begin", "reward", 1e-7, 3e-7, 1e-6},
    {"begin", "turning", 1e-7, 3e-7, 1e-6},
    {"begin", "x", 1e-7, 3e-7, 1e-6},
    {"begin", "x velocity", 1e-7, 3e-7, 1e-6},
    {"begin", "y", 1e-7, 3e-7, 1e-6},
    {"begin", "y velocity", 1e-7, 3e-7, 1e-6},
    {"air", "angle", 1e-7, 6.1e-7, 2.2e-3},
    {"air", "leg", 4.8e-7, 1.7e-6, 4e-5},
    {"air", "reward", 2e-5, 4.8e-5, 6.1e-4},
    {"air", "reward, main engine", 1.7e-5, 4.7e-5, 5.6e-4},
    {"air", "reward, side engine", 2.8e-5, 7.8e-4, 1.6e-1},
    {"air", "turning", 1.1e-6, 1.2e-5, 4.4e-2},
    {"air", "x", 1e-7, 3e-7, 5.2e-5},
    {"air", "x velocity", 1e-7, 8.4e-7, 3.7e-3},
    {"air", "y", 1e-7, 3e-7, 1.3e-5},
    {"air", "y velocity", 3.8e-7, 3.9e-6, 1.3e-3},
    {"air", "last reward", 1e-7, 3e-7, 1e-6},
    {"ground", "angle", 1e-7, 4.6e-5, 5.8e-2},
    {"ground", "last reward", 1e-7, 3e-7, 1e-6},
    {"ground", "leg", 5.4e-7, 1.8e-4, 3.9e-1},
    {"ground", "reward", 2.2e-4, 1.6e-2, 5.5},
    {"ground", "reward, main engine", 3.5e-2, 9.6e-1, 3.9e1},
    {"ground", "reward, side engine", 3.2e-3, 6.6e-1, 4.1},
    {"ground", "turning", 8.2e-7, 4.2e-3, 1.1},
    {"ground", "x", 1e-7, 9.7e-6, 5.1e-3},
    {"ground", "x velocity", 1.2e-6, 6.3e-4, 4.2e-1},
    {"ground", "y", 1e-7, 9.5e-6, 5.9e-3},
    {"ground", "y velocity", 2.1e-7, 4.8e-4, 2.2e-1},
};

class Flight {
 public:
  explicit Flight(const GoldenFile& file) : file_(file), initial_(load_beside(file, "initial")) {
    core::read_options(params_, file.options, file.name);
    for (size_t row = 0; row < initial_.rows.size(); ++row) starts_[key(initial_, row)] = row;
    for (size_t row = 0; row < file.rows.size(); ++row)
      continuous_[file.text(row, "set")] |=
          file.number(row, "a1") != 0 || file.number(row, "a0") != std::round(file.number(row, "a0"));
  }

  void check(size_t row) {
    const bool begins = file_.number(row, "t") == -1;
    if (begins) begin(row);
    const envs::Outcome outcome =
        lander_->step(engines(row), {file_.number(row, "dispersion0"), file_.number(row, "dispersion1")});
    const bool stood = !begins && stands(row - 1);
    const bool grounded = stood || stands(row) || envs::physics::touches(lander_->world());
    add(row, begins ? "begin" : grounded ? "ground" : "air", outcome);
    // The reset's step is the same in both versions; its legs are out of their limits and not as they move.
    if (begins) return;
    const Lander::Pose pose = lander_pose(file_, row);
    if (!rests(pose)) lander_->pose(pose);
  }

  void finish() {
    errors_.check(file_.name, lander_measured);
    CHECK(double(strayed_) <= 0.02 * double(file_.rows.size()));  // measured: 0.004 at most
  }

 private:
  void begin(size_t row) {
    const auto found = starts_.find(key(file_, row));
    core::check(found != starts_.end(), "{}: {} lacks this episode", file_.where(row), initial_.name);
    lander_.emplace(params_, lander_start(initial_, found->second));
  }

  Lander::Engines engines(size_t row) const {
    const float throttles[2] = {float(file_.number(row, "a0")), float(file_.number(row, "a1"))};
    const int64_t choice = int64_t(file_.number(row, "a0"));
    return continuous_.at(file_.text(row, "set")) ? envs::LunarLander<float>::engines(throttles)
                                                  : envs::LunarLander<int64_t>::engines(&choice);
  }

  // Each engine's cost apart, and what an end gives.
  const char* reward_of(size_t row) const {
    if (file_.number(row, "terminated") != 0) return "last reward";
    const Lander::Engines fired = engines(row);
    return fired.side != 0 ? "reward, side engine" : fired.main != 0 ? "reward, main engine" : "reward";
  }

  bool stands(size_t row) const { return file_.number(row, "o6") != 0 || file_.number(row, "o7") != 0; }

  void add(size_t row, const std::string& kind, const envs::Outcome& outcome) {
    float obs[8];
    lander_->observe(obs);
    const auto recorded = file_.numbers(row, "o");
    for (size_t k = 0; k < 6; ++k) errors_.add(kind, seen[k], double(obs[k]) - recorded[k]);
    for (size_t k = 0; k < 2; ++k) errors_.add(kind, "leg", lander_->legs()[k] - leg(file_, row, k));
    const bool same = outcome.terminated == int32_t(file_.number(row, "terminated")) &&
                      double(obs[6]) == recorded[6] && double(obs[7]) == recorded[7];
    const double reward = file_.number(row, "reward");
    if (same) errors_.add(kind, reward_of(row), double(outcome.reward) - reward);
    strayed_ += !same;
  }

  const GoldenFile& file_;
  GoldenFile initial_;
  envs::LunarLanderParams params_;
  std::map<Key, size_t> starts_;
  std::map<std::string, bool> continuous_;  // by set
  std::optional<Lander> lander_;
  Errors errors_;
  int strayed_ = 0;  // rows where a leg's contact or the end differs
};

}  // namespace

void check_lander_steps(const GoldenFile& file, const envs::Entry&) {
  Flight flight(file);
  for (size_t row = 0; row < file.rows.size(); ++row) flight.check(row);
  flight.finish();
}

void check_lander_initial(const GoldenFile& file, const envs::Entry&) {
  Draws heights{0, 20.0 / 3}, forces{-1000, 1000}, our_heights = heights, our_forces = forces;
  core::Pcg64 random(5);
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const Lander::Start start = lander_start(file, row), ours = Lander::draw_start({}, random);
    for (const size_t k : {0, 1, 2, 8, 9, 10, 11})  // the others become the helipad
    {
      heights.add(start.heights[k]);
      our_heights.add(ours.heights[k]);
    }
    for (const double force : {start.force.x, start.force.y}) forces.add(force);
    for (const double force : {ours.force.x, ours.force.y}) our_forces.add(force);
    CHECK(file.number(row, "helipad_y") == Approx(10.0 / 3));
  }
  for (const Draws& draws : {heights, our_heights, forces, our_forces}) CHECK(draws.are_uniform());
}

}  // namespace tests

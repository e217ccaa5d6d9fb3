// LunarLander from recorded terrain, force and dispersion. The recordings are Box2D 2.3's: ours, on 2.4,
// rounds differently, which a touch of the ground may blow up. What holds between recorded rows is held of
// every row, on the ground too.
#include <cmath>
#include <map>

#include "envs/box2d/lunarlander.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using envs::Lander;

// What free flights may differ by: six times what observations do and nine times what rewards do.
constexpr double drift = 5e-4, reward_drift = 0.03;
// What recorded columns may contradict each other by: float32 rounds observations.
constexpr double rounding = 1e-6;

using Key = std::pair<std::string, std::string>;  // set and episode

Key key(const GoldenFile& file, size_t row) { return {file.text(row, "set"), file.text(row, "episode")}; }

Lander::Start start_of(const GoldenFile& initial, size_t row) {
  Lander::Start start;
  const auto heights = initial.numbers(row, "height");
  core::check(heights.size() == start.heights.size(), "{}: expected 12 heights, found {}", initial.where(row),
              heights.size());
  std::copy(heights.begin(), heights.end(), start.heights.begin());
  start.force = {initial.number(row, "force_x"), initial.number(row, "force_y")};
  return start;
}

// A recorded row: world units, metres and radians.
struct Recorded {
  double x, y, vx, vy, angle, omega, reward;
  std::array<double, 2> legs;  // their angles to the hull, outwards
  std::vector<double> obs;
  bool terminated;

  Recorded(const GoldenFile& file, size_t row)
      : x(file.number(row, "x")),
        y(file.number(row, "y")),
        vx(file.number(row, "vx")),
        vy(file.number(row, "vy")),
        angle(file.number(row, "angle")),
        omega(file.number(row, "omega")),
        reward(file.number(row, "reward")),
        legs{file.number(row, "leg0_angle") - angle + 0.05, angle + 0.05 - file.number(row, "leg1_angle")},
        obs(file.numbers(row, "o")),
        terminated(file.number(row, "terminated") != 0) {}

  bool touches() const { return obs[6] != 0 || obs[7] != 0; }
  // The first six of the observation.
  std::array<double, 6> seen() const {
    constexpr double half_width = 10, half_height = 20.0 / 3, rest = half_height / 2 + 18.0 / 30, fps = 50;
    return {(x - half_width) / half_width,
            (y - rest) / half_height,
            vx * half_width / fps,
            vy * half_height / fps,
            angle,
            20 * omega / fps};
  }
  double shaping() const {
    const auto s = seen();
    return -100 * std::hypot(s[0], s[1]) - 100 * std::hypot(s[2], s[3]) - 100 * std::abs(s[4]) + 10 * obs[6] +
           10 * obs[7];
  }
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
    row_ = row;
    if (file_.number(row, "t") == -1) begin();
    const Recorded now(file_, row);
    const Lander::Engines engines = recorded_engines();
    const Lander::Dispersion dispersion{file_.number(row, "dispersion0"), file_.number(row, "dispersion1")};
    const envs::Outcome outcome = lander_->step(engines, dispersion);
    flying_ &= !now.touches();
    expect(std::abs(dispersion[0]) <= 1 && std::abs(dispersion[1]) <= 1, "a dispersion beyond 1");
    check_columns(now);
    if (before_) check_step(now, engines);
    if (!before_) expect(now.reward == 0 && !now.terminated, "reset's step gives a reward or ends");
    if (flying_ && !now.terminated) check_flight(now, outcome);
    before_ = now;
  }

  int flown = 0;  // steps

 private:
  void expect(bool right, const char* what) {
    if (!right) FAIL_CHECK(file_.where(row_) << ": " << what);
  }
  void expect(double error, double most, const char* what) {
    if (!(std::abs(error) <= most)) FAIL_CHECK(file_.where(row_) << ": " << what << " by " << error);
  }

  void begin() {
    const auto found = starts_.find(key(file_, row_));
    core::check(found != starts_.end(), "{}: {} lacks this episode", file_.where(row_), initial_.name);
    lander_.emplace(params_, start_of(initial_, found->second));
    flying_ = true, before_.reset();
  }

  Lander::Engines recorded_engines() const {
    const float throttles[2] = {float(file_.number(row_, "a0")), float(file_.number(row_, "a1"))};
    const int64_t choice = int64_t(file_.number(row_, "a0"));
    return continuous_.at(file_.text(row_, "set")) ? envs::LunarLander<float>::engines(throttles)
                                                   : envs::LunarLander<int64_t>::engines(&choice);
  }

  // Of one row: observation and world units agree, contacts are whole, and legs keep to their hinges' limits
  // but for 0.02 in the air and 0.1 at the shock of a landing (measured: 0.007, 0.08).
  void check_columns(const Recorded& now) {
    const auto seen = now.seen();
    for (size_t k = 0; k < seen.size(); ++k)
      expect(seen[k] - now.obs[k], rounding, "observation and world units differ");
    for (const size_t k : {6, 7}) expect(now.obs[k] == 0 || now.obs[k] == 1, "a contact is not 0 or 1");
    const double give = flying_ ? 0.02 : 0.1;
    for (const double leg : now.legs)
      expect(leg >= 0.4 - give && leg <= 0.9 + give, "a leg is beyond its hinge's limits");
  }

  // Between two rows: the reward, the end and how far the hull moves. Box2D moves bodies by their velocities
  // and then out of each other and back to their hinges: by 3e-5 in the air, 1e-3 on the ground (measured).
  void check_step(const Recorded& now, const Lander::Engines& engines) {
    const double due =
        now.shaping() - before_->shaping() - 0.30 * engines.main - 0.03 * std::abs(engines.side);
    const bool out = std::abs(now.obs[0]) >= 1, rests = now.vx == 0 && now.vy == 0 && now.omega == 0;
    if (now.terminated)
      expect(now.reward == 100 ? rests : now.reward == -100, "neither a landing nor a crash");
    else
      expect(now.reward - due, 1e-9, "the reward is not what its rows give, but differs");
    expect(now.terminated || !out, "goes on beyond the edge");
    const double most = flying_ ? 3e-4 : 1e-2;
    const auto [x, y] = centre(now);
    const auto [x_before, y_before] = centre(*before_);
    expect(x - x_before - now.vx / 50, most, "x and vx differ");
    expect(y - y_before - now.vy / 50, most, "y and vy differ");
    expect(now.angle - before_->angle - now.omega / 50, most, "angle and omega differ");
    for (size_t leg = 0; flying_ && leg < 2; ++leg) check_swing(before_->legs[leg], now.legs[leg]);
  }

  // In the air motors fold the legs by 0.3 rad/s (measured: within 3e-4 in a step) until a limit holds them.
  void check_swing(double leg_before, double leg) {
    if (leg_before > 0.41) expect(leg - leg_before + 0.3 / 50, 2e-3, "a leg's swing differs");
    if (leg_before <= 0.41) expect(leg - 0.4, 0.02, "a leg is away from its limit");
  }

  // The hull's centre of mass, whose velocity is recorded.
  static std::pair<double, double> centre(const Recorded& at) {
    constexpr double above = 0.101307;  // of the hull's outline
    return {at.x - std::sin(at.angle) * above, at.y + std::cos(at.angle) * above};
  }

  // Ours against theirs.
  void check_flight(const Recorded& now, const envs::Outcome& outcome) {
    ++flown;
    float obs[8];
    lander_->observe(obs);
    for (size_t k = 0; k < 8; ++k) expect(double(obs[k]) - now.obs[k], drift, "the free flight differs");
    expect(double(outcome.reward) - now.reward, reward_drift, "the free flight's reward differs");
    expect(!outcome.terminated, "ours ends");
  }

  const GoldenFile& file_;
  GoldenFile initial_;
  envs::LunarLanderParams params_;
  std::map<Key, size_t> starts_;
  std::map<std::string, bool> continuous_;  // by set
  std::optional<Lander> lander_;
  std::optional<Recorded> before_;  // the row before, of the same episode
  size_t row_ = 0;
  bool flying_ = false;
};

}  // namespace

void check_lander_steps(const GoldenFile& file, const envs::Entry&) {
  Flight flight(file);
  for (size_t row = 0; row < file.rows.size(); ++row) flight.check(row);
  CHECK(flight.flown > 0);
}

void check_lander_initial(const GoldenFile& file, const envs::Entry&) {
  Draws heights{0, 20.0 / 3}, forces{-1000, 1000}, our_heights = heights, our_forces = forces;
  core::Pcg64 random(5);
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const Lander::Start start = start_of(file, row), ours = Lander::draw_start({}, random);
    for (const size_t k : {0, 1, 2, 8, 9, 10, 11})  // the others become the helipad
      heights.add(start.heights[k]), our_heights.add(ours.heights[k]);
    for (const double force : {start.force.x, start.force.y}) forces.add(force);
    for (const double force : {ours.force.x, ours.force.y}) our_forces.add(force);
    CHECK(file.number(row, "helipad_y") == Approx(10.0 / 3));
  }
  for (const Draws& draws : {heights, our_heights, forces, our_forces}) CHECK(draws.are_uniform());
}

}  // namespace tests

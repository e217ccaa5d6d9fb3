// LunarLander from recorded terrain, force and dispersion. The recordings are Box2D 2.3's: ours, on 2.4,
// rounds differently, which a touch of the ground may blow up.
#include <cmath>
#include <map>

#include "envs/box2d/lunarlander.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using envs::Lander;

// What observations in free flight may differ by: ten times what they do. A step's reward is at most a
// hundred times the change of an observation.
constexpr double drift = 5e-4;

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
    if (file_.number(row, "t") == -1) begin(row);
    const envs::Outcome outcome =
        lander_->step(engines(row), {file_.number(row, "dispersion0"), file_.number(row, "dispersion1")});
    flying_ &= file_.number(row, "o6") == 0 && file_.number(row, "o7") == 0;
    if (!flying_ || file_.number(row, "terminated") != 0) return;
    ++flown;
    const double error = difference(row), reward = double(outcome.reward) - file_.number(row, "reward");
    if (!(error <= drift)) FAIL_CHECK(file_.where(row) << ": the free flight differs by " << error);
    if (!(std::abs(reward) <= 100 * drift))
      FAIL_CHECK(file_.where(row) << ": the reward differs by " << reward);
    if (outcome.terminated) FAIL_CHECK(file_.where(row) << ": the episode ends");
  }

  int flown = 0;  // steps

 private:
  void begin(size_t row) {
    const auto found = starts_.find(key(file_, row));
    core::check(found != starts_.end(), "{}: {} lacks this episode", file_.where(row), initial_.name);
    lander_.emplace(params_, start_of(initial_, found->second));
    flying_ = true;
  }

  Lander::Engines engines(size_t row) {
    const float throttles[2] = {float(file_.number(row, "a0")), float(file_.number(row, "a1"))};
    const int64_t choice = int64_t(file_.number(row, "a0"));
    return continuous_[file_.text(row, "set")] ? envs::LunarLander<float>::engines(throttles)
                                               : envs::LunarLander<int64_t>::engines(&choice);
  }

  double difference(size_t row) const {
    double worst = 0;
    float obs[8];
    lander_->observe(obs);
    const auto recorded = file_.numbers(row, "o");
    for (size_t k = 0; k < 8; ++k) worst = std::max(worst, std::abs(double(obs[k]) - recorded[k]));
    return worst;
  }

  const GoldenFile& file_;
  GoldenFile initial_;
  envs::LunarLanderParams params_;
  std::map<Key, size_t> starts_;
  std::map<std::string, bool> continuous_;  // by set
  std::optional<Lander> lander_;
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

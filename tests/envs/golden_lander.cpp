// LunarLander from recorded terrain, force and dispersion. The recordings are Box2D 2.3's, whose joint limits
// are solved in another way than 2.4's: free flight stays near, what follows a touch need not.
#include <cmath>
#include <map>

#include "envs/box2d/lunarlander.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

using envs::Lander;

constexpr double drift = 1.1e-2;  // of any quantity in free flight: measured between the two versions

using Key = std::pair<std::string, std::string>;  // set and episode

std::map<Key, size_t> rows_of(const GoldenFile& initial) {
  std::map<Key, size_t> rows;
  for (size_t row = 0; row < initial.rows.size(); ++row)
    rows[{initial.text(row, "set"), initial.text(row, "episode")}] = row;
  return rows;
}

Lander::Start start_of(const GoldenFile& initial, size_t row) {
  Lander::Start start;
  const auto heights = initial.numbers(row, "height");
  core::check(heights.size() == start.heights.size(), "{}: expected 12 heights, found {}", initial.where(row),
              heights.size());
  std::copy(heights.begin(), heights.end(), start.heights.begin());
  start.force = {initial.number(row, "force_x"), initial.number(row, "force_y")};
  return start;
}

// A set is one of continuous actions when any of its actions is no whole number or has a second part.
bool is_continuous(const GoldenFile& file, const std::string& set) {
  bool found = false;
  for (size_t row = 0; row < file.rows.size() && !found; ++row)
    found = file.text(row, "set") == set &&
            (file.number(row, "a1") != 0 || file.number(row, "a0") != std::round(file.number(row, "a0")));
  return found;
}

// The largest difference of any recorded quantity.
double difference(const GoldenFile& file, size_t row, const Lander& lander) {
  const b2Body& hull = lander.hull();
  const b2Vec2 at = hull.GetPosition(), v = hull.GetLinearVelocity();
  const std::pair<const char*, float> body[] = {{"x", at.x},
                                                {"y", at.y},
                                                {"vx", v.x},
                                                {"vy", v.y},
                                                {"angle", hull.GetAngle()},
                                                {"omega", hull.GetAngularVelocity()}};
  double worst = 0;
  for (const auto& [name, value] : body)
    worst = std::max(worst, std::abs(double(value) - file.number(row, name)));
  float obs[8];
  lander.observe(obs);
  const auto recorded = file.numbers(row, "o");
  for (size_t k = 0; k < 8; ++k) worst = std::max(worst, std::abs(double(obs[k]) - recorded[k]));
  return worst;
}

bool touches(const GoldenFile& file, size_t row) {
  return file.number(row, "o6") != 0 || file.number(row, "o7") != 0 || file.number(row, "terminated") != 0;
}

}  // namespace

void check_lander_steps(const GoldenFile& file, const envs::Entry&) {
  const GoldenFile initial = load_beside(file, "initial");
  const auto starts = rows_of(initial);
  envs::LunarLanderParams params;
  core::read_options(params, file.options, file.name);
  std::map<std::string, bool> continuous;
  std::optional<Lander> lander;
  bool flying = false;
  double worst = 0, reward = 0;
  int n = 0;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const std::string& set = file.text(row, "set");
    if (!continuous.contains(set)) continuous[set] = is_continuous(file, set);
    if (file.number(row, "t") == -1) {
      const auto found = starts.find({set, file.text(row, "episode")});
      core::check(found != starts.end(), "{}: {} lacks this episode", file.where(row), initial.name);
      lander.emplace(params, start_of(initial, found->second));
      flying = true;
    }
    const float both[2] = {float(file.number(row, "a0")), float(file.number(row, "a1"))};
    const int64_t one = int64_t(both[0]);
    const auto engines =
        continuous[set] ? envs::LunarLander<float>::engines(both) : envs::LunarLander<int64_t>::engines(&one);
    const auto outcome =
        lander->step(engines, {file.number(row, "dispersion0"), file.number(row, "dispersion1")});
    flying &= !touches(file, row);
    if (!flying) continue;
    ++n;
    worst = std::max(worst, difference(file, row, *lander));
    reward = std::max(reward, std::abs(double(outcome.reward) - file.number(row, "reward")));
  }
  printf("%d worst %g reward %g\n", n, worst, reward);
}

}  // namespace tests

// CarRacing against recordings of Gymnasium's (tests/record_carracing.py): the tracks that seeds draw, drives
// from their start, what is seen on the way, and what random play and a driver return.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "envs/box2d/carracing.h"
#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/golden_errors.h"
#include "tests/envs/returns.h"

namespace tests {

namespace {

constexpr double pen = 1e-6;  // metres, radians

// Four tiles a hexadecimal digit, the first one highest.
std::string kerb_digits(const envs::Track& track) {
  std::string digits;
  for (size_t k = 0; k < track.count; k += 4) {
    int four = 0;
    for (size_t bit = 0; bit < 4; ++bit) four |= (k + bit < track.count && track.kerbs[k + bit]) << (3 - bit);
    digits += "0123456789abcdef"[four];
  }
  return digits;
}

// The generator after so many failed tracks and one that closes: two draws for each of twelve checkpoints.
core::Pcg64 drawn(uint64_t seed, double attempts) {
  core::Pcg64 random(seed);
  for (int k = 0; k < 24 * int(attempts); ++k) random.next64();
  return random;
}

}  // namespace

void check_racing_tracks(const GoldenFile& file, const envs::Entry&) {
  std::optional<uint64_t> drawn_for;
  envs::Track track;
  double retries = 0;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const auto seed = uint64_t(file.number(row, "seed"));
    if (drawn_for != seed) {
      core::Pcg64 random(seed);
      track = envs::draw_track(random);
      drawn_for = seed;
      retries += file.number(row, "attempts") - 1;
      core::Pcg64 expected = drawn(seed, file.number(row, "attempts"));
      if (random.next64() != expected.next64()) FAIL_CHECK(file.where(row) << ": other attempts");
      if (kerb_digits(track) != file.text(row, "kerbs")) FAIL_CHECK(file.where(row) << ": other kerbs");
    }
    const auto& point = track.points[size_t(file.number(row, "point"))];
    const bool equal = double(track.count) == file.number(row, "tiles") &&
                       std::abs(point.alpha - file.number(row, "alpha")) <= pen &&
                       std::abs(point.beta - file.number(row, "beta")) <= pen &&
                       std::abs(point.x - file.number(row, "x")) <= pen &&
                       std::abs(point.y - file.number(row, "y")) <= pen;
    if (!equal) FAIL_CHECK(file.where(row) << ": another track");
  }
  CHECK(retries > 0);
}

namespace {

// What a row of a drive says of the car, by name.
struct Gauge {
  const char *name, *column;
  double value;
};

std::vector<Gauge> gauges(const envs::CarRace& race) {
  const envs::Car& car = race.race().car();
  const b2Vec2 at = car.hull().GetPosition(), v = car.hull().GetLinearVelocity();
  std::vector<Gauge> all{{"place", "x", double(at.x)},
                         {"place", "y", double(at.y)},
                         {"velocity", "vx", double(v.x)},
                         {"velocity", "vy", double(v.y)},
                         {"angle", "angle", double(car.hull().GetAngle())},
                         {"yaw", "omega", double(car.hull().GetAngularVelocity())},
                         {"steering", "steering", car.steering()}};
  constexpr const char* wheels[] = {"w0", "w1", "w2", "w3"};
  for (size_t k = 0; k < 4; ++k) all.push_back({"wheel", wheels[k], car.wheels()[k].speed});
  return all;
}

// Drives from their beginning, never put right on the way.
class Drives {
 public:
  explicit Drives(const GoldenFile& steps) : steps_(steps) {}

  const envs::CarRace& before(size_t row) {
    if (steps_.number(row, "t") != 0) return *race_;
    core::Pcg64 random(uint64_t(steps_.number(row, "seed")));
    return race_.emplace(envs::CarRacingParams{}, random);
  }

  envs::Outcome step(size_t row) {
    const float action[] = {float(steps_.number(row, "a0")), float(steps_.number(row, "a1")),
                            float(steps_.number(row, "a2"))};
    return race_->step(envs::CarRacing<float>::pedals(action));
  }

 private:
  const GoldenFile& steps_;
  std::optional<envs::CarRace> race_;
};

// Of drives of three seconds, with Box2D 2.3 there and 2.4 here; m, rad, s.
const Measured drives_measured[] = {
    {"drive", "angle", 1e-7, 3.1e-6, 5.6e-6},  {"drive", "place", 1e-7, 3.1e-5, 7.7e-5},
    {"drive", "steering", 1e-7, 3e-7, 1.6e-6}, {"drive", "velocity", 9.6e-7, 4.6e-5, 2e-4},
    {"drive", "wheel", 7.8e-7, 1.7e-5, 5e-5},  {"drive", "yaw", 1e-7, 1.8e-6, 1.3e-5},
};

}  // namespace

void check_racing_steps(const GoldenFile& file, const envs::Entry&) {
  Drives drives(file);
  Errors errors;
  int strayed = 0;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const envs::CarRace& race = drives.before(row);
    const envs::Outcome outcome = drives.step(row);
    for (const Gauge& gauge : gauges(race))
      errors.add("drive", gauge.name, gauge.value - file.number(row, gauge.column));
    strayed += double(race.race().visited()) != file.number(row, "visited") ||
               outcome.terminated != int32_t(file.number(row, "terminated")) ||
               std::abs(double(outcome.reward) - file.number(row, "reward")) > 1e-5;
  }
  errors.check(file.name, drives_measured);
  CHECK(strayed == 0);
}

namespace {

std::vector<uint8_t> pixels_of(const std::string& digits) {
  std::vector<uint8_t> bytes(digits.size() / 2);
  for (size_t k = 0; k < bytes.size(); ++k)
    bytes[k] = uint8_t(std::stoul(digits.substr(2 * k, 2), nullptr, 16));
  return bytes;
}

// How far two pictures lie apart, but for the digits of the return, whose font is another.
double apart(const std::vector<uint8_t>& one, const std::vector<uint8_t>& other) {
  constexpr size_t side = envs::RaceEye::side, panel = 84, digits = 12;
  double sum = 0;
  for (size_t k = 0; k < one.size(); ++k) {
    const size_t x = k / 3 % side, y = k / 3 / side;
    if (y < panel || x >= digits) sum += std::abs(int(one[k]) - int(other[k]));
  }
  return sum / double(one.size());
}

}  // namespace

void check_racing_frames(const GoldenFile& file, const envs::Entry&) {
  constexpr double most =
      2.5;  // of 255, over a picture; measured: 1.94, as theirs loses 2 when it is made smaller
  const GoldenFile steps = load_beside(file, "steps");
  Drives drives(steps);
  envs::RaceEye eye;
  size_t frame = 0;
  for (size_t row = 0; row < steps.rows.size() && frame < file.rows.size(); ++row) {
    const envs::CarRace& race = drives.before(row);
    if (steps.text(row, "episode") == file.text(frame, "episode") &&
        steps.text(row, "t") == file.text(frame, "t")) {
      const auto theirs = pixels_of(file.text(frame, "pixels"));
      std::vector<uint8_t> ours(theirs.size());
      core::check(ours.size() == size_t{3} * envs::RaceEye::side * envs::RaceEye::side, "{}: another size",
                  file.where(frame));
      race.observe(ours.data(), eye);
      INFO(file.where(frame) << ": " << apart(ours, theirs));
      CHECK(apart(ours, theirs) <= most);
      ++frame;
    }
    drives.step(row);
  }
  CHECK(frame == file.rows.size());
}

namespace {

// The recorder's driver: aims at the fifth point of the track ahead, and slows down where it lies aside.
class Driver {
 public:
  explicit Driver(const envs::Race& race) : race_(race) {}

  envs::Car::Pedals operator()() {
    for (size_t k = point_, last = point_ + 9; k <= last; ++k)
      if (distance(k) < distance(point_)) point_ = k;
    const core::Vec at = race_.at(), goal = place(point_ + 5);
    const double dx = goal.x - at.x, dy = goal.y - at.y, angle = double(race_.car().hull().GetAngle());
    const double cos = std::cos(angle), sin = std::sin(angle);
    const double aim = std::atan2(dx * cos + dy * sin, dy * cos - dx * sin), speed = race_.speed();
    const double limit = 45 - 40 * std::min(std::abs(aim), 0.75);
    const auto pedal = [](double x) { return double(float(x)); };
    return {.steer = pedal(std::clamp(2 * aim, -1.0, 1.0)),
            .gas = speed < limit ? 0.5 : 0,
            .brake = pedal(speed > limit + 10 ? 0.3 : 0)};
  }

 private:
  core::Vec place(size_t k) const {
    const auto& point = race_.track().points[k % race_.track().count];
    return {point.x, point.y};
  }
  double distance(size_t k) const { return std::hypot(place(k).x - race_.at().x, place(k).y - race_.at().y); }

  const envs::Race& race_;
  size_t point_ = 0;
};

struct Drive {
  double total = 0, length = 0;
  std::string ended = "timeout";
};

Drive drive(const std::string& policy, uint64_t seed) {
  core::Pcg64 random(seed), chance(core::mix(seed, {"actions"}));
  envs::CarRace race({}, random);
  Driver driver(race.race());
  Drive all;
  while (all.length < 1000 && all.ended == "timeout") {
    const envs::Car::Pedals drawn{chance.uniform(-1, 1), chance.random(), chance.random()};
    const envs::Outcome outcome = race.step(policy == "driver" ? driver() : drawn);
    all.total += double(outcome.reward);
    ++all.length;
    if (outcome.terminated) all.ended = outcome.reward == -100 ? "left_field" : "lap";
  }
  return all;
}

struct Compared {
  std::vector<double> theirs, ours;  // returns
  size_t repeated = 0;               // return the same within 1, after as many steps, with the same end
};

// The first so many recorded episodes of a policy, and ours from their seeds.
Compared compare_racing(const GoldenFile& file, const std::string& policy, size_t most) {
  std::vector<size_t> rows;
  for (size_t row = 0; row < file.rows.size(); ++row)
    if (file.text(row, "policy") == policy && rows.size() < most) rows.push_back(row);
  std::vector<Drive> ours(rows.size());
#pragma omp parallel for schedule(dynamic)
  for (size_t k = 0; k < rows.size(); ++k) ours[k] = drive(policy, uint64_t(file.number(rows[k], "seed")));
  Compared all;
  for (size_t k = 0; k < rows.size(); ++k) {
    all.theirs.push_back(file.number(rows[k], "return"));
    all.ours.push_back(ours[k].total);
    all.repeated += std::abs(all.theirs[k] - all.ours[k]) < 1 &&
                    ours[k].ended == file.text(rows[k], "ended") &&
                    ours[k].length == file.number(rows[k], "length");
  }
  return all;
}

void check_racing(const GoldenFile& file, size_t most) {
  for (const char* policy : {"random", "driver"}) {
    const Compared all = compare_racing(file, policy, most);
    const double n = double(all.ours.size());
    const double error = std::sqrt((variance(all.theirs) + variance(all.ours)) / n);
    const bool again = std::string(policy) == "driver";  // random actions are drawn otherwise
    std::string found = fmt::format("CarRacing-v3 {}: mean return {:.1f} recorded, {:.1f} ours +- {:.1f}",
                                    policy, mean(all.theirs), mean(all.ours), error);
    if (again) found += fmt::format(", {} of {} episodes are the recorded ones", all.repeated, n);
    if (most > 100) fmt::print("{}\n", found);
    INFO(found);
    CHECK(n > 1);
    CHECK(std::abs(mean(all.theirs) - mean(all.ours)) <= 4 * error);
    if (again) CHECK(double(all.repeated) >= 0.8 * n);  // measured: 199 of 200
  }
}

}  // namespace

void check_racing_episodes(const GoldenFile& file, const envs::Entry&) { check_racing(file, 30); }

TEST_CASE("200 episodes of CarRacing return what Gymnasium's return", "[.][racing-returns]") {
  for (const auto& path : golden_paths())
    if (path.filename().string().starts_with("carracing_v3_episodes")) check_racing(load_golden(path), 200);
}

}  // namespace tests

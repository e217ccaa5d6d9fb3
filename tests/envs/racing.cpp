// The car environments: the car by hand, rules of rounds and ends, what agents see, scripted drivers.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "envs/box2d/carracing.h"
#include "envs/box2d/cartrack.h"
#include "tests/catch.h"
#include "tests/envs/returns.h"
#include "tests/envs/section.h"

namespace tests::racing {

using envs::CarRace;
using envs::CarTrack;
using envs::Race;
using envs::Track;

namespace {

// So many steps with the same pedals.
void drive(Race& race, const envs::Car::Pedals& pedals, int steps) {
  for (int t = 0; t < steps; ++t) race.step(pedals);
}

// Speed ahead.
double speed(const Race& race) {
  const b2Body& hull = race.car().hull();
  return double(hull.GetLocalVector(hull.GetLinearVelocity()).y);
}

double sum_of(const std::vector<std::byte>& picture) {
  double sum = 0;
  for (const std::byte level : picture) sum += double(level);
  return sum;
}

}  // namespace

TEST_CASE("a track is a ring of even steps that turns only so fast", "[envs][racing]") {
  core::Pcg64 random(1);
  double kerbs = 0, tiles = 0;
  for (int k = 0; k < 30; ++k) {
    const Track track = envs::draw_track(random);
    CHECK((track.count > 200 && track.count < 500));
    int uneven = 0, sharp = 0;
    for (size_t i = 1; i < track.count; ++i) {
      const auto &a = track.points[i - 1], &b = track.points[i];
      uneven += std::abs(std::hypot(b.x - a.x, b.y - a.y) - Track::step) > 1e-9;
      sharp += std::abs(std::remainder(b.beta - a.beta, 2 * 3.14159265358979)) > 0.311;
      kerbs += track.kerbs[i];
    }
    tiles += double(track.count);
    CHECK(uneven == 0);
    CHECK(sharp == 0);
    const auto &first = track.points[0], &last = track.points[track.count - 1];
    CHECK(std::hypot(first.x - last.x, first.y - last.y) < 3 * Track::step);
  }
  CHECK((kerbs / tiles > 0.02 && kerbs / tiles < 0.5));
}

TEST_CASE("a car drives, brakes, and steers to the side it is told to", "[envs][racing]") {
  core::Pcg64 random(4);
  Race race(random);
  drive(race, {.gas = 0.5}, 40);
  const double fast = speed(race);
  CHECK(fast > 15);
  CHECK(std::abs(race.car().steering()) < 0.05);
  drive(race, {}, 20);
  const double rolling = speed(race);
  CHECK((rolling > 0.8 * fast && rolling < 1.2 * fast));
  drive(race, {.brake = 0.5}, 20);
  CHECK(speed(race) < 0.7 * rolling);
  drive(race, {.brake = 1}, 100);
  CHECK(std::abs(speed(race)) < 0.5);
  for (const auto& wheel : race.car().wheels()) CHECK(std::abs(wheel.speed) < 1);
}

TEST_CASE("wheels turn by up to 0.4, and the car turns with them", "[envs][racing]") {
  for (const double side : {-1.0, 1.0}) {
    core::Pcg64 random(4);
    Race race(random);
    drive(race, {.gas = 0.3}, 30);
    const double before = double(race.car().hull().GetAngle());
    drive(race, {.steer = side}, 30);
    CHECK(-side * race.car().steering() == Approx(0.4).margin(0.03));
    CHECK(-side * (double(race.car().hull().GetAngle()) - before) > 0.2);
  }
}

TEST_CASE("grass holds a tyre less than the road does", "[envs][racing]") {
  core::Pcg64 random(4);
  Race race(random);
  drive(race, {.gas = 1}, 60);
  int on_road = 0, on_grass = 0;
  for (int t = 0; t < 500; ++t) {
    for (const auto& wheel : race.car().wheels()) (wheel.tiles > 0 ? on_road : on_grass) += 1;
    drive(race, {.steer = 0.1, .gas = 0.05}, 1);
  }
  CHECK((on_grass > 200 && on_road > 50));
}

TEST_CASE("pedals are Gymnasium's", "[envs][racing]") {
  const auto discrete = [](int64_t action) { return envs::CarRacing<int64_t>::pedals(&action); };
  CHECK((discrete(0).steer == 0 && discrete(0).gas == 0 && discrete(0).brake == 0));
  CHECK(discrete(1).steer == 0.6);
  CHECK(discrete(2).steer == -0.6);
  CHECK(discrete(3).gas == 0.2);
  CHECK(discrete(4).brake == 0.8);
  const float action[] = {-0.5f, 0.25f, 1};
  const auto pedals = envs::CarRacing<float>::pedals(action);
  CHECK((pedals.steer == -0.5 && pedals.gas == 0.25 && pedals.brake == 1));
}

TEST_CASE("a new tile pays 1000 / N, a step costs a tenth, leaving the field 100", "[envs][racing]") {
  core::Pcg64 random(11);
  CarRace race({}, random);
  const double tile = 1000.0 / double(race.race().track().count);
  size_t visited = 0;
  int wrong = 0, steps = 0;
  envs::Outcome last{};
  for (; steps < 2000 && !last.terminated; ++steps) {
    last = race.step({.gas = 0.6});
    const double expected = tile * double(race.race().visited() - visited) - 0.1;
    wrong += !last.terminated && std::abs(double(last.reward) - expected) > 1e-4;
    visited = race.race().visited();
  }
  CHECK(wrong == 0);
  CHECK(visited > 4);
  CHECK(last.terminated == 1);
  CHECK(last.reward == -100);
  CHECK(std::max(std::abs(race.race().at().x), std::abs(race.race().at().y)) > Track::field);
}

TEST_CASE("the car begins on the first tile, so that only a share of next to 0 shortens a lap",
          "[envs][racing]") {
  int at_once = 0, usual = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    core::Pcg64 random(seed), same(seed);
    at_once += CarRace({.lap_complete_percent = 0}, random).step({}).terminated;
    usual += CarRace({}, same).step({}).terminated;
  }
  CHECK(at_once == 20);
  CHECK(usual == 0);
}

TEST_CASE("drawn colours are seen, and draw before the track does", "[envs][racing]") {
  Batch usual = env_batch("CarRacing-v3"), drawn = env_batch("{id: CarRacing-v3, domain_randomize: true}");
  std::set<double> brightness;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    usual.reset(seed);
    drawn.reset(seed);
    brightness.insert(sum_of(drawn.obs));
    CHECK(drawn.obs != usual.obs);
  }
  CHECK(brightness.size() == 5);
}

TEST_CASE("the driver of the continuous CarRacing is none of the discrete one", "[envs][racing]") {
  CHECK(env_options("CarRacing-v3").heuristic());
  CHECK(message([] { env_options("{id: CarRacing-v3, continuous: false}").heuristic(); }).find("default") !=
        std::string::npos);
}

namespace {

// Whether a place is on the road near a point: within a tile of its stretch.
bool is_on_road(const Track& track, size_t middle, core::Vec at) {
  size_t k = middle;
  for (int back = 0; back < 29; ++back) k = track.before(k);
  for (int tile = 0; tile < 58; ++tile, k = track.after(k)) {
    const Track::Quad quad = track.tile(k);
    int left = 0;
    for (size_t c = 0; c < 4; ++c) {
      const core::Vec &a = quad[c], &b = quad[(c + 1) % 4];
      left += (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x) > 0;
    }
    if (left == 0 || left == 4) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the lidar's rays end where the road does", "[envs][racing]") {
  core::Pcg64 random(7);
  const envs::Controller act = envs::cartrack_controller();
  int wrong = 0, seen = 0, far = 0;
  for (int episode = 0; episode < 3; ++episode) {
    CarTrack game({}, random);
    for (int t = 0; t < 300; ++t) {
      std::array<float, 21> row;
      std::array<float, 2> action;
      game.observe(row.data());
      act(reinterpret_cast<const std::byte*>(row.data()), {nullptr, action.data()});
      const Track& track = game.race().track();
      const auto near = size_t(std::lround(game.progress() + double(track.count))) % track.count;
      for (size_t k = 0; t % 20 == 0 && k < CarTrack::rays; ++k) {
        const double angle = game.angle_of(k), length = CarTrack::range * double(row[k]);
        const auto on = [&](double d) {
          return is_on_road(
              track, near,
              {game.race().at().x + d * std::cos(angle), game.race().at().y + d * std::sin(angle)});
        };
        far += row[k] == 1;
        wrong += !on(0.98 * length) || (row[k] < 1 && on(length + 0.1));
        ++seen;
      }
      if (game.step(action.data(), random).terminated) break;
    }
  }
  CHECK(seen > 500);
  CHECK((far > 0 && far < seen / 2));
  CHECK(wrong <= seen / 50);  // where the road's own edges cross in a bend, it is seen through
}

TEST_CASE("CarTrack pays for the way along the road and takes for leaving it", "[envs][racing]") {
  core::Pcg64 random(3);
  CarTrack game({}, random);
  const double points = double(game.race().track().count);
  double sum = 0, before = game.progress();
  int steps = 0;
  envs::Outcome last{};
  for (; steps < 1000 && !last.terminated; ++steps) {
    const float action[] = {0, 0.3f};
    last = game.step(action, random);
    sum += double(last.reward);
  }
  CHECK(last.terminated == 1);
  CHECK(std::abs(game.aside()) > Track::half_width);
  CHECK(sum == Approx(100 * (game.progress() - before) / points - 0.05 * steps - 10).margin(1e-3));
}

TEST_CASE("CarTrack ends after the rounds it is told to", "[envs][racing]") {
  const auto rounds = [](const std::string& laps) {
    Batch batch = env_batch("{id: CarTrack-v0, max_episode_steps: 20000, laps: " + laps + "}");
    const envs::Controller act = envs::cartrack_controller();
    batch.reset(1);
    do {
      act(batch.obs.data(), {nullptr, batch.continuous.data()});
      batch.step();
    } while (!batch.ended(0));
    CHECK(batch.terminated[0] == 1);
    return std::lround((batch.returns[0] + 0.05 * double(batch.lengths[0])) / 100);
  };
  CHECK(rounds("1") == 1);
  CHECK(rounds("3") == 3);
}

namespace {

struct Reached {
  double mean, interval;  // 95 %
};

Reached reached(const std::string& id, const std::string& policy, uint64_t episodes) {
  std::vector<uint64_t> seeds(episodes);
  for (uint64_t k = 0; k < episodes; ++k) seeds[k] = 1000 + k;
  const envs::Entry& entry = envs::all().at(id);
  const Played played = play_episodes(entry, entry.factory(), policy, seeds);
  return {played.mean_return(), 1.96 * std::sqrt(variance(played.returns) / double(episodes))};
}

}  // namespace

TEST_CASE("scripted drivers are better than random ones", "[envs][racing]") {
  for (const char* id : {"CarRacing-v3", "CarTrack-v0"}) {
    INFO(id);
    const Reached scripted = reached(id, "heuristic", 6), random = reached(id, "random", 6);
    CHECK(scripted.mean - scripted.interval > random.mean + random.interval);
  }
}

TEST_CASE("what random and scripted drivers reach, over 200 episodes", "[.][racing-returns]") {
  for (const char* id : {"CarRacing-v3", "CarTrack-v0"})
    for (const char* policy : {"random", "heuristic"}) {
      const Reached r = reached(id, policy, 200);
      fmt::print("{} {}: mean return {:.1f} +- {:.1f}\n", id, policy, r.mean, r.interval);
      CHECK(std::isfinite(r.mean));
    }
}

}  // namespace tests::racing

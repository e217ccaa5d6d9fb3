// What is particular to the Box2D games: their options, terrain, lidar, wind, and drawing from the state
// alone.
#include <cmath>

#include "core/archive.h"
#include "envs/box2d/bipedalwalker.h"
#include "envs/box2d/lunarlander.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/canvas.h"

namespace tests::box2d {

using tests::Batch;

namespace {

// Makes one environment with these options, read as an `env:` section would be.
std::unique_ptr<envs::Envs> make(const std::string& id, const std::string& options) {
  auto factory = envs::all().at(id).factory();
  core::Fields fields;
  factory.fields(fields);
  core::read_fields(fields, core::parse_yaml(options, "x.yaml"), "env");
  return factory.make(1, "exact", std::nullopt);
}

std::string refusal(const std::string& options) {
  return tests::message([&] { make("LunarLander-v3", options); });
}

// The return of an episode in which no engine fires.
double fall(const std::string& options) {
  Batch batch(make("LunarLander-v3", options));
  batch.reset(4);
  while (!batch.ended(0)) batch.step();
  return batch.returns[0];
}

// Every fixture of the world is asked, and the nearest hit is kept: what Lidar does for those ahead of a ray.
class Nearest final : public b2RayCastCallback {
 public:
  float ReportFixture(b2Fixture* fixture, const b2Vec2&, const b2Vec2&, float fraction) override {
    if (!(fixture->GetFilterData().categoryBits & 1)) return -1;
    return seen = fraction;
  }
  float seen = 1;
};

}  // namespace

TEST_CASE("a lander's options are held to Gymnasium's ranges", "[envs]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(refusal("{gravity: 0}"), ContainsSubstring("gravity") && ContainsSubstring("below 0"));
  CHECK_THAT(refusal("{gravity: -12}"), ContainsSubstring("gravity") && ContainsSubstring("-12"));
  CHECK_THAT(refusal("{wind_power: 21}"), ContainsSubstring("wind_power") && ContainsSubstring("20"));
  CHECK_THAT(refusal("{turbulence_power: -1}"), ContainsSubstring("turbulence_power"));
  CHECK(refusal("{gravity: -1.6, enable_wind: true, wind_power: 20, turbulence_power: 2}").empty());
}

TEST_CASE("gravity and wind change a lander's fall", "[envs]") {
  const double still = fall("{}");
  CHECK(fall("{}") == still);
  CHECK(fall("{gravity: -3}") != still);
  CHECK(fall("{enable_wind: true}") != still);
  CHECK(fall("{enable_wind: true, wind_power: 0, turbulence_power: 0}") != fall("{enable_wind: true}"));
}

TEST_CASE("engines answer to actions as Gymnasium's do", "[envs]") {
  const auto discrete = [](int64_t action) { return envs::LunarLander<int64_t>::engines(&action); };
  CHECK((discrete(0).main == 0 && discrete(0).side == 0));
  CHECK((discrete(2).main == 1 && discrete(2).side == 0));
  CHECK((discrete(1).side == -1 && discrete(3).side == 1));
  const auto throttle = [](float main, float side) {
    const float action[2] = {main, side};
    return envs::LunarLander<float>::engines(action);
  };
  CHECK(throttle(0, 0.5f).main == 0);
  CHECK(throttle(0, 0.5f).side == 0);
  CHECK(throttle(0.5f, 0).main == Approx(0.75));
  CHECK(throttle(3, -7).main == 1);
  CHECK(throttle(3, -7).side == -1);
  CHECK(throttle(-1, 0.75f).side == Approx(0.75));
}

TEST_CASE("hardcore ground holds stumps, stairs and pits in equal parts, the other none", "[envs]") {
  core::Pcg64 random(8);
  int stumps = 0, steps = 0, walls = 0;
  for (int k = 0; k < 300; ++k) {
    CHECK(envs::draw_terrain(false, random).block_count == 0);
    const envs::Terrain terrain = envs::draw_terrain(true, random);
    for (size_t i = 0; i < terrain.block_count; ++i) {
      const auto& block = terrain.blocks[i];
      const double breadth = (block.right - block.left) / envs::Terrain::step,
                   height = (block.top - block.bottom) / envs::Terrain::step;
      stumps += std::abs(breadth - height) < 1e-9;
      steps += breadth > 3.5;
      walls += height > 3.5;
    }
  }
  const double stairs = steps / 3.5, pits = walls / 2.0;  // three or four steps a flight, two walls a pit
  CHECK(stairs == Approx(stumps).epsilon(0.15));
  CHECK(pits == Approx(stumps).epsilon(0.15));
  CHECK(stumps > 1000);
}

TEST_CASE("the lidar sees what a ray through the whole world sees", "[envs]") {
  core::Pcg64 random(3);
  int rays = 0, hits = 0;
  double worst = 0;
  for (int episode = 0; episode < 6; ++episode) {
    envs::BipedalWalker walker({.hardcore = true}, random);
    const envs::Controller act = envs::bipedalwalker_controller();
    bool over = false;
    for (int t = 0; t < 400 && !over; ++t) {
      std::array<float, 24> obs;
      walker.observe(obs.data());
      std::array<float, 4> action;
      act(reinterpret_cast<const std::byte*>(obs.data()), {nullptr, action.data()});
      const b2Vec2 from = walker.hull().GetPosition();
      for (size_t k = 0; k < 10; ++k, ++rays) {
        const double angle = 1.5 * double(k) / 10, range = 160.0 / 30;
        Nearest nearest;
        walker.world().RayCast(&nearest, from,
                               {float(double(from.x) + std::sin(angle) * range),
                                float(double(from.y) - std::cos(angle) * range)});
        worst = std::max(worst, double(std::abs(nearest.seen - obs[14 + k])));
        hits += nearest.seen < 1;
      }
      over = walker.step(action.data()).terminated;
    }
  }
  CHECK(worst < 1e-6);
  CHECK((hits > 1000 && hits < rays));
}

TEST_CASE("drawing a physics world changes nothing of what follows", "[envs]") {
  for (const char* id : {"LunarLander-v3", "BipedalWalkerHardcore-v3", "CarRacing-v3", "CarTrack-v0"}) {
    INFO(id);
    Batch drawn(envs::all().at(id), "exact", 1), twin(envs::all().at(id), "exact", 1);
    core::Pcg64 actions(1), same(1);
    drawn.reset(2);
    twin.reset(2);
    bool equal = true;
    for (int t = 0; t < 100; ++t) {
      tests::Recording canvas;
      drawn.envs->draw(0, canvas);
      drawn.draw_actions(actions);
      twin.draw_actions(same);
      drawn.step();
      twin.step();
      equal &= drawn.answers() == twin.answers();
    }
    CHECK(equal);
  }
}

TEST_CASE("a restored physics world is drawn as the saved one", "[envs]") {
  for (const char* id : {"LunarLanderContinuous-v3", "BipedalWalker-v3", "CarRacing-v3", "CarTrack-v0"}) {
    INFO(id);
    Batch batch(envs::all().at(id), "exact", 1), fresh(envs::all().at(id), "exact", 1);
    core::Pcg64 random(1);
    batch.reset(2);
    for (int t = 0; t < 40; ++t) {
      batch.draw_actions(random);
      batch.step();
    }
    core::Archive saved;
    batch.envs->state(saved);
    core::Archive state(saved.blobs());
    fresh.envs->state(state);
    tests::Recording theirs, ours;
    batch.envs->draw(0, theirs);
    fresh.envs->draw(0, ours);
    CHECK(theirs.lines == ours.lines);
  }
}

}  // namespace tests::box2d

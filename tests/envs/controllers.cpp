// The reference controllers do what they are for.
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::controllers {

namespace {

double mean_return(const std::string& id, int64_t episodes) {
  const envs::Entry& entry = envs::all().at(id);
  envs::Controller controller = entry.heuristic();
  tests::Batch batch(entry, "exact", 1);
  double sum = 0;
  batch.reset(1000);
  for (int64_t ended = 0; ended < episodes;) {
    controller(batch.obs.data(), {batch.discrete.data(), batch.continuous.data()});
    batch.step();
    if (batch.ended(0)) {
      sum += batch.returns[0];
      ++ended;
      controller = entry.heuristic();
    }
  }
  return sum / double(episodes);
}

}  // namespace

TEST_CASE("the CartPole controller never drops the pole", "[envs]") {
  CHECK(mean_return("CartPole-v1", 50) == 500);
  CHECK(mean_return("CartPole-v0", 50) == 200);
}

TEST_CASE("the mountain car controllers reach the flag, the continuous one at little cost", "[envs]") {
  CHECK(mean_return("MountainCar-v0", 100) > -125);
  CHECK(mean_return("MountainCarContinuous-v0", 100) > 95);
}

TEST_CASE("the Acrobot controller swings up in less than 100 steps", "[envs]") {
  CHECK(mean_return("Acrobot-v1", 100) > -100);
}

TEST_CASE("the LunarLander controllers land", "[envs]") {
  CHECK(mean_return("LunarLander-v3", 20) > 150);
  CHECK(mean_return("LunarLanderContinuous-v3", 20) > 250);
}

TEST_CASE("the BipedalWalker controller walks, and rests in its first step", "[envs]") {
  CHECK(mean_return("BipedalWalker-v3", 10) > 0);
  const envs::Controller act = envs::all().at("BipedalWalker-v3").heuristic();
  std::vector<float> obs(24, 0.5f), action(4, 9);
  act(reinterpret_cast<const std::byte*>(obs.data()), {nullptr, action.data()});
  CHECK(action == std::vector<float>(4, 0));
  act(reinterpret_cast<const std::byte*>(obs.data()), {nullptr, action.data()});
  CHECK(action != std::vector<float>(4, 0));
}

TEST_CASE("the Pendulum controller swings up and holds", "[envs]") {
  CHECK(mean_return("Pendulum-v1", 100) > -200);
}

}  // namespace tests::controllers

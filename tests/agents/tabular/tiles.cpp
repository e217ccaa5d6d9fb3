// Tile coding: its features against hand-made ones and against a naive twin; a mountain that it climbs; what
// it refuses.
#include <array>
#include <cmath>
#include <map>

#include "agents/tabular/tile_coder.h"
#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace tests::tabular;

namespace {

std::vector<int64_t> tiles_of(const agents::TileCoder& coder, std::vector<float> point) {
  std::vector<int64_t> active(static_cast<size_t>(coder.tilings()));
  coder.active(point.data(), active.data());
  return active;
}

const envs::Space square = envs::Space::box({0, 0}, {4, 4});

}  // namespace

TEST_CASE("tiles of two displaced grids, by hand", "[agents][tabular]") {
  // Two tiles of width 2 along each axis; the second grid is half a tile further on both (1/2, and 3/2 less a
  // whole tile). Each grid has 3 x 3 tiles.
  const agents::TileCoder coder("test", square, {.tilings = 2, .tiles = 2, .low = {}, .high = {}});
  CHECK(coder.size() == 18);
  const auto tile = [](int64_t grid, int64_t x, int64_t y) { return grid * 9 + x * 3 + y; };
  using Tiles = std::vector<int64_t>;
  CHECK(tiles_of(coder, {0, 0}) == Tiles{tile(0, 0, 0), tile(1, 0, 0)});
  CHECK(tiles_of(coder, {0.9f, 1}) == Tiles{tile(0, 0, 0), tile(1, 0, 1)});
  CHECK(tiles_of(coder, {2, 1.9f}) == Tiles{tile(0, 1, 0), tile(1, 1, 1)});
  CHECK(tiles_of(coder, {3.5f, 3.5f}) == Tiles{tile(0, 1, 1), tile(1, 2, 2)});
  CHECK(tiles_of(coder, {4, 4}) == Tiles{tile(0, 2, 2), tile(1, 2, 2)});
  CHECK(tiles_of(coder, {-7, 9}) == tiles_of(coder, {0, 4}));  // beyond the bounds
}

TEST_CASE("points share a tile exactly where those of a naive twin do", "[agents][tabular]") {
  // Sutton's tiles3: floor((floor(n x) + k (2 d + 1)) / n) along axis d of grid k of n, x in tiles.
  const int64_t n = 8;
  const agents::TileCoder coder("test", square, {.tilings = n, .tiles = 4, .low = {}, .high = {}});
  core::Pcg64 random(1);
  std::map<int64_t, std::array<int64_t, 3>> twin_of;
  std::map<std::array<int64_t, 3>, int64_t> tile_of;
  for (int t = 0; t < 4000; ++t) {
    const std::vector<float> point{static_cast<float>(random.uniform(0, 4)),
                                   static_cast<float>(random.uniform(0, 4))};
    const auto active = tiles_of(coder, point);
    for (int64_t k = 0; k < n; ++k) {
      std::array<int64_t, 3> twin{k, 0, 0};
      for (size_t d = 0; d < 2; ++d)
        twin[d + 1] = (static_cast<int64_t>(std::floor(static_cast<double>(point[d]) * n)) +
                       k * (2 * static_cast<int64_t>(d) + 1)) /
                      n;
      const int64_t tile = active[static_cast<size_t>(k)];
      CHECK((tile >= 0 && tile < coder.size()));
      CHECK(twin_of.emplace(tile, twin).first->second == twin);
      CHECK(tile_of.emplace(twin, tile).first->second == tile);
    }
  }
  CHECK(tile_of.size() == 8 * 25 - 9);  // the grid that is not displaced has 16
}

TEST_CASE("one move by hand: each tile learns its share of the error", "[agents][tabular]") {
  auto session = trained(
      "{agent: semi_gradient_sarsa, env: MountainCar-v0, semi_gradient_sarsa: {num_steps: 1, tilings: 4, "
      "learning_rate: 0.5, gamma: 1}, train: {steps: 1}}");
  const torch::Tensor weights = tensor(session, "weights/values");
  CHECK(weights.count_nonzero().item<int64_t>() == 4);
  CHECK(weights.min().item<double>() == Approx(-0.125));  // 0.5 (-1 + 0 - 0) / 4
  CHECK(weights.sum().item<double>() == Approx(-0.5));
}

TEST_CASE("semi-gradient SARSA climbs the mountain on three seeds", "[agents][tabular]") {
  for (const std::string seed : {"1", "2", "3"}) {
    INFO("seed " << seed);
    auto session =
        trained("{seed: " + seed +
                ", agent: semi_gradient_sarsa, env: {id: MountainCar-v0, max_episode_steps: 1000}, "
                "semi_gradient_sarsa: {gamma: 1, learning_rate: 0.3, epsilon_start: 0, "
                "epsilon_end: 0}, train: {env_steps: 150k}, eval: {episodes: 20}}");
    CHECK(trial::grades(session).at("eval/return_greedy") > -160);
  }
}

TEST_CASE("tile coding refuses what it cannot cover", "[agents][tabular][bad_input]") {
  const auto said = [](const std::string& env, const std::string& own) {
    return refusal([&] {
      agent("{agent: semi_gradient_sarsa, env: " + env + ", semi_gradient_sarsa: {" + own +
            "}, train: {steps: 1}}");
    });
  };
  CHECK(said("FrozenLake-v1", "")
            .find("semi_gradient_sarsa needs Box observations of float32 and Discrete "
                  "actions; FrozenLake-v1 has Discrete(16)") != std::string::npos);
  CHECK(said("Pendulum-v1", "").find("needs Box observations of float32 and Discrete actions") !=
        std::string::npos);
  CHECK(said("CartPole-v1", "").find("semi_gradient_sarsa.low: number 1 of the observation has no bound") ==
        0);
  CHECK(said("CartPole-v1", "low: [1, 2]").find("semi_gradient_sarsa.low: expected 4 numbers, found 2") == 0);
  CHECK(said("MountainCar-v0", "high: [-3, 1]").find("semi_gradient_sarsa.high: expected more than") == 0);
  CHECK(said("MountainCar-v0", "tiles: 100000").find("semi_gradient_sarsa.tiles: 100000 along each of 2") ==
        0);
}

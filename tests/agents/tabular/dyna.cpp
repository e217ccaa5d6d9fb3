// Dyna-Q: what its model remembers, what a restored one must hold, and how few moves it needs.
#include "agents/tabular/world_model.h"

#include <cstddef>
#include <map>

#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace tests::tabular;
using agents::WorldModel;

namespace {

// Sutton & Barto's maze of example 8.1 with their settings, but that each step costs a little.
const std::string maze = "{id: GridWorld-v0, map_name: dyna_maze, slip: 0, max_episode_steps: 2000}";

// Moves after which the greedy way through it is the shortest one, 14 steps.
int64_t moves_until_shortest(const std::string& agent, int64_t seed) {
  auto session = tests::tabular::agent(
      "{seed: " + std::to_string(seed) + ", agent: " + agent + ", env: " + maze + ", " + agent +
      ": {gamma: 0.95, learning_rate: 0.1, visit_power: 0, epsilon_start: 0.1, "
      "epsilon_end: 0.1, num_steps: 50}, train: {env_steps: 200k}}");
  const envs::Transitions table = table_of(maze);
  const training::Logger silent{[](const std::string&, double) {}, {}};
  while (session.progress() < 1) {
    session.step(silent);
    if (agents::expected_return(table, greedy(session, table.states), 14) > 0.43) break;  // 1 - 14 * 0.04
  }
  return session.counters.env_steps;
}

WorldModel some_model() {
  WorldModel model(3, 2, false);
  for (int k = 0; k < 3; ++k) model.observe({0, 1}, 2, k, false, nullptr);  // pays 0, 1 and 2
  model.observe({0, 1}, 1, -4, true, nullptr);
  model.observe({2, 0}, 0, 7, false, nullptr);
  return model;
}

}  // namespace

TEST_CASE("a model draws what it has met as often as it has met it", "[agents][tabular]") {
  const WorldModel model = some_model();
  core::Pcg64 random(1);
  std::map<int64_t, int> pairs, arrivals;
  for (int k = 0; k < 4000; ++k) {
    const auto [state, action] = model.draw_pair(random);
    ++pairs[state * 2 + action];
    const WorldModel::Arrival& to = model.draw_arrival({0, 1}, random);
    ++arrivals[to.next];
    CHECK(to.reward == (to.next == 2 ? 1 : -4));  // the mean of 0, 1 and 2
    CHECK(to.terminated == (to.next == 1));
  }
  CHECK(pairs.size() == 2);
  CHECK(pairs[1] == Approx(2000).margin(160));     // five deviations
  CHECK(arrivals[2] == Approx(3000).margin(140));  // three of four times
  CHECK(model.draw_arrival({2, 0}, random).reward == 7);
}

TEST_CASE("a restored model is the saved one, and one that cannot be is refused",
          "[agents][tabular][bad_input]") {
  WorldModel model = some_model(), other(3, 2, false), small(2, 1, false);
  core::Archive saved;
  model.state(saved);
  core::Archive to_load(saved.blobs());
  other.state(to_load);
  core::Pcg64 one(4), two(4);
  for (int k = 0; k < 100; ++k)
    CHECK(model.draw_arrival({0, 1}, one).next == other.draw_arrival({0, 1}, two).next);
  const auto changed = [&](const std::string& name, size_t at, uint8_t byte) {
    auto blobs = saved.blobs();
    blobs.at(name).at(at) = byte;
    return refusal([&] {
      WorldModel victim(3, 2, false);
      core::Archive archive(blobs);
      victim.state(archive);
    });
  };
  CHECK(changed("visits", 8, 9).find("counts 4 of 9 visits") != std::string::npos);
  CHECK(changed("first", 4, 77).find("no list of arrivals") != std::string::npos);
  CHECK(changed("met", 0, 60).find("has met what it has not visited") != std::string::npos);
  CHECK(changed("arrivals", 0, 9).find("leads to state 9") != std::string::npos);
  CHECK_FALSE(changed("arrivals", offsetof(WorldModel::Arrival, other), 0).empty());  // a circle
}

TEST_CASE("Dyna-Q needs a fraction of the moves of Q-learning, on three seeds", "[agents][tabular]") {
  for (const int64_t seed : {1, 2, 3}) {
    INFO("seed " << seed);
    const int64_t planned = moves_until_shortest("dyna_q", seed),
                  plain = moves_until_shortest("q_learning", seed);
    INFO(planned << " against " << plain);
    CHECK(2 * planned <= plain);
  }
}

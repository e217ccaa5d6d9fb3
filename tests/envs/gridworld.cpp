// GridWorld: its table against calculations by hand, its maps against their books, its refusals.
#include "envs/gridworld/gridworld.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/dynamic.h"
#include "tests/refusal.h"

namespace tests::gridworld {

using envs::GridWorldParams;

namespace {

std::vector<double> optimal(const GridWorldParams& params) {
  return tests::optimal(envs::grid_transitions(params));
}

bool says(const std::string& said, std::initializer_list<const char*> parts) {
  INFO(said);
  const bool all = std::all_of(parts.begin(), parts.end(),
                               [&](const char* part) { return said.find(part) != std::string::npos; });
  CHECK(all);
  return all;
}

}  // namespace

TEST_CASE("a corridor is worth what its steps cost", "[envs]") {
  GridWorldParams params;
  params.map = {"SaG"};
  params.letter_rewards = {"a -3"};
  params.slip = 0;
  params.step_reward = -1;
  params.goal_reward = 10;
  const auto values = optimal(params);
  CHECK(values[1] == Approx(9));       // -1 + 10
  CHECK(values[0] == Approx(-4 + 9));  // -1 - 3, then that
}

// From the middle, right: the goal with 0.8, and with 0.2 bumping into the border and trying again:
// V = 0.8 (1 - 0.04) + 0.2 (V - 0.04), so V = 1 - 0.05. The start, by the same rule: V0 = V - 0.05.
TEST_CASE("slips in a corridor only cost time", "[envs]") {
  GridWorldParams params;
  params.map = {"S.G"};
  const auto values = optimal(params);
  CHECK(values[1] == Approx(0.95));
  CHECK(values[0] == Approx(0.90));
}

TEST_CASE("the textbook world has the textbook's values", "[envs]") {
  const auto values = optimal({});
  const std::vector<double> book{0.812, 0.868, 0.918, 0,     0.762, 0,       // Russell & Norvig (2010),
                                 0.660, 0,     0.705, 0.655, 0.611, 0.388};  // figure 17.3
  REQUIRE(values.size() == book.size());
  for (size_t k = 0; k < book.size(); ++k) {
    INFO("cell " << k);
    CHECK(std::abs(values[k] - book[k]) <= 0.0006);
  }
}

TEST_CASE("the shipped mazes are as long as they are", "[envs]") {
  GridWorldParams params{.map_name = "dyna_maze", .slip = 0, .step_reward = -1, .goal_reward = 0};
  CHECK(optimal(params)[2 * 9] == Approx(-14));  // Sutton & Barto (2018), example 8.1
  params.map_name = "cliff";
  params.pit_reward = -100;
  CHECK(optimal(params)[3 * 12] == Approx(-13));  // example 6.6
  params.map_name = "four_rooms";
  const auto values = optimal(params);
  CHECK(values[1 * 13 + 1] == Approx(-20));
  CHECK(values[11 * 13 + 1] == Approx(-12));
  const auto table = envs::grid_transitions(params);
  CHECK(table.initial[1 * 13 + 1] == 0.5);
  CHECK(table.initial[11 * 13 + 1] == 0.5);
}

TEST_CASE("walls hold, pits and goals end, letters pay whenever one ends on them", "[envs]") {
  GridWorldParams params;
  params.map = {"S#", "aP"};
  params.letter_rewards = {"a 0.5"};
  params.slip = 0;
  const auto table = envs::grid_transitions(params);
  CHECK(table.of(0, 2)[0].next == 0);
  CHECK(table.of(0, 1)[0].reward == Approx(0.46));
  CHECK(table.of(2, 0)[0].next == 2);
  CHECK(table.of(2, 0)[0].reward == Approx(0.46));
  CHECK(table.of(2, 2)[0].terminated);
  CHECK(table.of(2, 2)[0].reward == Approx(-1.04));
  CHECK(!table.of(2, 3)[0].terminated);
}

TEST_CASE("what is wrong with a map or a letter is named", "[envs]") {
  const auto refused = [](envs::GridMap map, std::vector<std::string> letters = {}) {
    GridWorldParams params;
    params.map = std::move(map);
    params.letter_rewards = std::move(letters);
    return refusal([&] { envs::grid_transitions(params); });
  };
  says(refused({"S.G", ".."}), {"map row 2", "3 cells", "found 2"});
  says(refused({"S.G", ".X."}), {"map row 2, column 2", "'X'", "# wall"});
  says(refused({"..G"}), {"start cell S", "none"});
  says(refused({"SbG"}), {"map row 1, column 2", "'b'", "letter_rewards"});
  says(refused({"SbG"}, {"b: 2"}), {"letter_rewards", "'b: 2'"});
  says(refused({"SbG"}, {"b 2x"}), {"letter_rewards", "'b 2x'"});
  says(refused({"SbG"}, {"b 2", "b 3"}), {"letter_rewards", "two", "'b'"});
  CHECK(refused({"SbG"}, {"b 2"}).empty());
}

}  // namespace tests::gridworld

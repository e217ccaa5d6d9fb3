// GridWorld's kin: the windy one against its book, the one with goals against breadth-first search.
#include <array>
#include <map>

#include "envs/gridworld/goalgridworld.h"
#include "envs/gridworld/windygridworld.h"
#include "tests/catch.h"
#include "tests/envs/dynamic.h"
#include "tests/envs/section.h"

namespace tests::gridworld_kin {

static constexpr size_t windy_start = 30;

TEST_CASE("the shortest ways through the wind are the book's", "[envs]") {
  // Sutton & Barto (2018), example 6.5 and exercise 6.9.
  CHECK(optimal(envs::windy_transitions({}))[windy_start] == Approx(-15));
  CHECK(optimal(envs::windy_transitions({.king_moves = true}))[windy_start] == Approx(-7));
}

TEST_CASE("wind is that of the column that is left", "[envs]") {
  const auto table = envs::windy_transitions({.king_moves = true});
  const auto next = [&](int64_t row, int64_t column, int64_t action) {
    return table.of(row * 10 + column, action)[0].next;
  };
  CHECK(next(3, 8, 0) == 27);  // the book: from the right of the goal, left leads to the cell just above it
  CHECK(next(3, 0, 0) == 30);
  CHECK(next(3, 0, 1) == 40);
  CHECK(next(6, 6, 1) == 56);  // down against wind of 2, off the lower border
  CHECK(next(0, 6, 2) == 7);
  CHECK(next(1, 3, 3) == 3);
  CHECK(next(5, 5, 5) == 56);
  CHECK(next(5, 5, 7) == 34);
  CHECK(table.of(4 * 10 + 8, 0)[0].next == 37);
  CHECK(table.of(4 * 10 + 8, 0)[0].terminated);
}

TEST_CASE("wind that varies is one less or more, where there is any", "[envs]") {
  const auto table = envs::windy_transitions({.stochastic_wind = true});
  CHECK(table.of(3 * 10 + 2, 2).size() == 1);
  const auto& blown = table.of(4 * 10 + 6, 2);
  REQUIRE(blown.size() == 3);
  std::map<int32_t, double> found;
  for (const auto& o : blown) found[o.next] += o.probability;
  CHECK(found == std::map<int32_t, double>{{17, 1.0 / 3}, {27, 1.0 / 3}, {37, 1.0 / 3}});
  const double best = optimal(table)[windy_start];
  CHECK(best < -15);  // luck helps less than it harms
  CHECK(best > -40);
}

namespace {

// Steps from each cell to `goal` on a map without slips; -1: none lead there.
std::vector<int64_t> distances(const envs::Transitions& walk, int64_t goal) {
  std::vector<int64_t> steps(size_t(walk.states), -1), frontier{goal};
  steps[size_t(goal)] = 0;
  for (size_t k = 0; k < frontier.size(); ++k)
    for (int64_t s = 0; s < walk.states; ++s)
      for (int64_t a = 0; a < walk.actions; ++a)
        if (walk.of(s, a)[0].next == frontier[k] && s != frontier[k] && steps[size_t(s)] < 0) {
          steps[size_t(s)] = steps[size_t(frontier[k])] + 1;
          frontier.push_back(s);
        }
  return steps;
}

struct Seen {
  std::array<int64_t, 2> observation, achieved, desired;  // row, column
  static Seen of(const Batch& b, size_t i) {
    const auto at = [&](size_t k) { return int64_t(number(b, b.obs, i, k)); };
    return {{at(0), at(1)}, {at(2), at(3)}, {at(4), at(5)}};
  }
};

int64_t cell_of(std::array<int64_t, 2> place) { return place[0] * 13 + place[1]; }

}  // namespace

TEST_CASE("a goal environment has the parts of Gymnasium-Robotics'", "[envs]") {
  const Batch batch = env_batch("GoalGridWorld-v0");
  const auto& parts = batch.envs->spec().observation.parts;
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].name == "observation");
  CHECK(parts[1].name == "achieved_goal");
  CHECK(parts[2].name == "desired_goal");
  CHECK(parts[1].space.str() == parts[2].space.str());
}

TEST_CASE("start and goal are drawn from all of the floor, never the same", "[envs]") {
  for (const std::string precision : {"exact", "fast"}) {
    Batch batch = env_batch("{id: GoalGridWorld-v0, precision: " + precision + "}", 20'000);
    const auto map = envs::goal_map({});
    const size_t cells = envs::floor_cells(map).size();
    batch.reset(1);
    std::map<int64_t, int64_t> starts, goals;
    int equal = 0, walls = 0;
    for (size_t i = 0; i < batch.n; ++i) {
      const Seen seen = Seen::of(batch, i);
      ++starts[cell_of(seen.achieved)];
      ++goals[cell_of(seen.desired)];
      equal += seen.achieved == seen.desired;
      walls +=
          envs::letter(map, cell_of(seen.achieved)) == '#' || envs::letter(map, cell_of(seen.desired)) == '#';
    }
    CHECK(equal == 0);
    CHECK(walls == 0);
    CHECK(starts.size() == cells);
    CHECK(goals.size() == cells);
    const double mean = double(batch.n) / double(cells);  // 192: 5 deviations of it are 69
    for (const auto& [cell, count] : goals) CHECK(std::abs(double(count) - mean) < 5 * std::sqrt(mean));
  }
}

TEST_CASE("who takes the shortest way pays a point for each step but the last", "[envs]") {
  Batch batch = env_batch("GoalGridWorld-v0", 50);
  const auto walk = envs::goal_walk({});
  batch.reset(3);
  std::vector<int64_t> length(batch.n);
  for (size_t i = 0; i < batch.n; ++i)
    length[i] =
        distances(walk, cell_of(Seen::of(batch, i).desired))[size_t(cell_of(Seen::of(batch, i).achieved))];
  std::vector<bool> over(batch.n);
  for (int t = 0; t < 40; ++t) {
    for (size_t i = 0; i < batch.n; ++i) {
      const Seen seen = Seen::of(batch, i);
      const auto steps = distances(walk, cell_of(seen.desired));
      CHECK(seen.observation == seen.achieved);
      batch.discrete[i] = 0;
      for (int64_t a = 0; a < 4; ++a)
        if (steps[size_t(walk.of(cell_of(seen.achieved), a)[0].next)] < steps[size_t(cell_of(seen.achieved))])
          batch.discrete[i] = a;
    }
    batch.step();
    for (size_t i = 0; i < batch.n; ++i) {
      if (!batch.terminated[i] || over[i]) continue;
      over[i] = true;
      CHECK(batch.lengths[i] == length[i]);
      CHECK(batch.returns[i] == Approx(1 - double(length[i])));
    }
  }
  CHECK(std::count(over.begin(), over.end(), true) == std::ssize(over));
}

TEST_CASE("a map of one's own for goals has walls and floor alone", "[envs]") {
  CHECK(env_batch("{id: GoalGridWorld-v0, map: ['..', '.#']}").envs->spec().observation.size() == 6);
  CHECK(env_refusal("{id: GoalGridWorld-v0, map: ['.G']}").find("row 1, column 2") != std::string::npos);
  CHECK(env_refusal("{id: GoalGridWorld-v0, map: ['.#']}").find("at least 2") != std::string::npos);
}

}  // namespace tests::gridworld_kin

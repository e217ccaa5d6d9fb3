// How MiniGrid's levels are drawn: what lies where, over many seeds, against the exact probabilities of its
// rules.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <set>

#include "envs/minigrid/minigrid.h"
#include "tests/catch.h"

namespace tests::minigrid_levels {

using namespace envs::minigrid;

namespace {

constexpr int seeds = 10'000;

// Within 3 standard errors of n independent tries.
bool likely(int count, int n, double p, double errors = 3) {
  return std::abs(count - n * p) <= errors * std::sqrt(n * p * (1 - p)) + 1e-9;
}

World drawn(const Level& level, uint64_t seed) {
  core::Pcg64 random(seed);
  World world;
  build(level, random, world);
  return world;
}

// The rivers of a crossing: x of vertical ones, 100 + y of horizontal ones. A river is whole but for a cell
// that was opened, or few that crossing rivers opened.
std::set<int> rivers(const Level& level, const World& world) {
  std::set<int> found;
  for (int at = 2; at < level.width - 2; at += 2) {
    int vertical = 0, horizontal = 0;
    for (int k = 1; k < level.width - 1; ++k) {
      vertical += world.grid.at(at, k) == level.obstacle;
      horizontal += world.grid.at(k, at) == level.obstacle;
    }
    if (vertical == level.width - 3) found.insert(at);
    if (horizontal == level.width - 3) found.insert(100 + at);
  }
  return found;
}

// Whether the goal can be reached; lava and walls alike are in the way.
bool passable(const World& world) {
  std::set<std::pair<int, int>> seen{{world.x, world.y}};
  std::vector<std::pair<int, int>> open(seen.begin(), seen.end());
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    if (world.grid.at(x, y) == goal) return true;
    for (int d = 0; d < 4; ++d) {
      const std::pair next{x + step_x[d], y + step_y[d]};
      const Cell there = world.grid.at(next.first, next.second);
      if ((there == empty || there == goal) && seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

}  // namespace

TEST_CASE("crossings have the rivers that a shuffle deals, each as often as it must", "[envs][minigrid]") {
  for (const Level& level : levels()) {
    if (level.crossings == 0) continue;
    INFO(level.id);
    const int candidates = (level.width - 3) / 2 * 2;
    std::map<int, int> often;
    int blocked = 0, miscounted = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const World world = drawn(level, seed);
      const auto found = rivers(level, world);
      miscounted += int(found.size()) != level.crossings;
      for (const int river : found) ++often[river];
      blocked += !passable(world);
    }
    CHECK(miscounted == 0);
    CHECK(blocked == 0);
    CHECK(int(often.size()) == candidates);
    for (const auto& [river, count] : often) {
      INFO("river " << river << ": " << count);
      CHECK(likely(count, seeds, double(level.crossings) / candidates));
    }
  }
}

TEST_CASE("a single river opens at any of its cells alike", "[envs][minigrid]") {
  const Level& level = *find_level("MiniGrid-LavaCrossingS9N1-v0");
  std::map<int, int> often;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const World world = drawn(level, seed);
    const int river = *rivers(level, world).begin();
    for (int k = 1; k < level.width - 1; ++k)
      if (world.grid.at(river < 100 ? river : k, river < 100 ? k : river - 100) == empty) ++often[k];
  }
  CHECK(often.size() == 7);
  for (const auto& [place, count] : often) {
    INFO("cell " << place << ": " << count);
    CHECK(likely(count, seeds, 1.0 / 7));
  }
}

TEST_CASE("of two rivers that cross either may be crossed first", "[envs][minigrid]") {
  const Level& level = *find_level("MiniGrid-SimpleCrossingS9N2-v0");
  int pairs = 0, vertical_first = 0;
  std::map<std::set<int>, int> often;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const World world = drawn(level, seed);
    const auto found = rivers(level, world);
    ++often[found];
    const int x = *found.begin(), y = *found.rbegin() - 100;
    if (x >= 100 || y < 0) continue;  // both run the same way
    ++pairs;
    for (int k = 1; k < y; ++k) vertical_first += world.grid.at(x, k) == empty;
  }
  CHECK(often.size() == 15);
  for (const auto& [rivers, count] : often) {
    INFO("rivers " << *rivers.begin() << ", " << *rivers.rbegin() << ": " << count);
    CHECK(likely(count, seeds, 1.0 / 15));
  }
  CHECK(likely(vertical_first, pairs, 0.5));
}

namespace {

using Place = std::array<int, 3>;  // x, y and, where it matters, a direction or a colour
using Chances = std::map<Place, double>;

// Counts where something was, and compares the counts with what they must be.
class Tally {
 public:
  void add(int x, int y, int more = 0) { ++often_[{x, y, more}]; }

  // Every place that is possible, and no other, as often as it must be. One of a few places may stray by 3
  // standard errors; of many, each of which may (Bonferroni), by 4: one in 16,000 does.
  void compare(const std::string& what, const Chances& chances) const {
    const double errors = chances.size() <= 8 ? 3 : 4;
    for (const auto& [place, count] : often_)
      if (!chances.contains(place)) FAIL_CHECK(what << " at " << words(place) << ", where it cannot be");
    double sum = 0;
    for (const auto& [place, p] : chances) {
      const int count = often_.contains(place) ? often_.at(place) : 0;
      sum += p;
      INFO(what << " at " << words(place) << ": " << count << " times, expected " << seeds * p);
      CHECK(likely(count, seeds, p, errors));
    }
    CHECK(sum == Approx(1));
  }

 private:
  static std::string words(const Place& at) { return fmt::format("({}, {}, {})", at[0], at[1], at[2]); }

  std::map<Place, int> often_;
};

// The only cell of an object.
Place find(const World& world, Object what) {
  std::vector<Place> found;
  for (int x = 0; x < world.grid.width(); ++x)
    for (int y = 0; y < world.grid.height(); ++y)
      if (object(world.grid.at(x, y)) == what) found.push_back({x, y, int(colour(world.grid.at(x, y)))});
  core::check(found.size() == 1, "expected one object {}, found {}", int(what), found.size());
  return found[0];
}

}  // namespace

// The wall stands in any column from the third to the last but two; the door in any of its rows but the last
// inside; key and agent on any cells left of it, the agent facing anywhere.
TEST_CASE("a door's wall, the door, the key and the agent are where they may be", "[envs][minigrid]") {
  for (const int size : {5, 6, 8, 16}) {
    const Level& level = *find_level(fmt::format("MiniGrid-DoorKey-{}x{}-v0", size, size));
    INFO(level.id);
    Tally doors, keys, agents, directions;
    int broken = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const World world = drawn(level, seed);
      const Place door_at = find(world, Object::door), key_at = find(world, Object::key);
      doors.add(door_at[0], door_at[1], door_at[2]);
      keys.add(key_at[0], key_at[1], key_at[2]);
      agents.add(world.x, world.y);
      directions.add(0, 0, world.direction);
      broken += door(world.grid.at(door_at[0], door_at[1])) != Door::locked;
      for (int y = 0; y < size; ++y) broken += y != door_at[1] && world.grid.at(door_at[0], y) != wall;
      broken += world.x == key_at[0] && world.y == key_at[1];
    }
    CHECK(broken == 0);
    const int yellow = int(Colour::yellow);
    Chances door_chances, key_chances, agent_chances, direction_chances;
    for (int split = 2; split < size - 2; ++split) {
      const double p = 1.0 / (size - 4);
      for (int row = 1; row < size - 2; ++row) door_chances[{split, row, yellow}] = p / (size - 3);
      for (int x = 1; x < split; ++x)
        for (int y = 1; y < size - 1; ++y) {
          const double share = p / ((split - 1) * (size - 2));
          key_chances[{x, y, yellow}] += share;
          agent_chances[{x, y, 0}] += share;
        }
    }
    for (int d = 0; d < 4; ++d) direction_chances[{0, 0, d}] = 0.25;
    doors.compare("the door", door_chances);
    keys.compare("the key", key_chances);
    agents.compare("the agent", agent_chances);
    directions.compare("the direction", direction_chances);
  }
}

TEST_CASE("a gap is in any cell of any column of lava alike", "[envs][minigrid]") {
  for (const int size : {5, 6, 7}) {
    const Level& level = *find_level(fmt::format("MiniGrid-LavaGapS{}-v0", size));
    INFO(level.id);
    Tally gaps;
    int broken = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const World world = drawn(level, seed);
      int cells = 0;
      for (int x = 1; x < size - 1; ++x) {
        int lavas = 0, open = 0;
        for (int y = 1; y < size - 1; ++y) world.grid.at(x, y) == lava ? void(++lavas) : void(open = y);
        if (lavas == size - 3) gaps.add(x, open);
        cells += lavas;
      }
      broken += cells != size - 3 || world.x != 1 || world.y != 1 || world.direction != 0;
    }
    CHECK(broken == 0);
    Chances chances;
    for (int x = 2; x < size - 2; ++x)
      for (int y = 1; y < size - 1; ++y) chances[{x, y, 0}] = 1.0 / ((size - 4) * (size - 2));
    gaps.compare("the gap", chances);
  }
}

namespace {

// How likely the agent of Unlock starts in each cell and direction: given door and key, all that do not face
// one of them are alike.
Chances unlock_agents(int inside) {
  Chances chances;
  for (int row = 1; row <= inside; ++row)
    for (int key = 0; key < inside * inside; ++key) {
      const int key_x = 1 + key % inside, key_y = 1 + key / inside;
      std::vector<Place> possible;
      for (int x = 1; x <= inside; ++x)
        for (int y = 1; y <= inside; ++y)
          for (int d = 0; d < 4; ++d) {
            const int front_x = x + step_x[d], front_y = y + step_y[d];
            const bool on_key = x == key_x && y == key_y, to_key = front_x == key_x && front_y == key_y;
            const bool to_door = front_x == inside + 1 && front_y == row;
            if (!on_key && !to_key && !to_door) possible.push_back({x, y, d});
          }
      for (const Place& place : possible)
        chances[place] += 1.0 / (inside * inside * inside) / double(possible.size());
    }
  return chances;
}

}  // namespace

// The key may lie in any cell of the left room: the agent comes into it later.
TEST_CASE("Unlock's door, key and agent are where they may be", "[envs][minigrid]") {
  const Level& level = *find_level("MiniGrid-Unlock-v0");
  const int inside = level.height - 2;
  Tally doors, keys, colours_of_keys, agents;
  int broken = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const World world = drawn(level, seed);
    const Place door_at = find(world, Object::door), key_at = find(world, Object::key);
    doors.add(door_at[0], door_at[1]);
    keys.add(key_at[0], key_at[1]);
    colours_of_keys.add(0, 0, key_at[2]);
    agents.add(world.x, world.y, world.direction);
    broken += door_at[2] != key_at[2] || door(world.grid.at(door_at[0], door_at[1])) != Door::locked;
  }
  CHECK(broken == 0);
  Chances door_chances, key_chances, colour_chances;
  for (int y = 1; y <= inside; ++y) {
    door_chances[{inside + 1, y, 0}] = 1.0 / inside;
    for (int x = 1; x <= inside; ++x) key_chances[{x, y, 0}] = 1.0 / (inside * inside);
  }
  for (int c = 0; c < colours; ++c) colour_chances[{0, 0, c}] = 1.0 / colours;
  doors.compare("the door", door_chances);
  keys.compare("the key", key_chances);
  colours_of_keys.compare("the colour", colour_chances);
  agents.compare("the agent", unlock_agents(inside));
}

}  // namespace tests::minigrid_levels

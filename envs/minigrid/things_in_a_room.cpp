// MiniGrid's rooms with things and a mission that names one or two of them: Fetch, GoToObject, PutNear.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

constexpr int most_things = 3;

struct Thing {
  Cell cell;
  Place at;
};

struct Things {
  Thing all[most_things];
  int count = 0;

  const Thing& operator[](int k) const { return all[k]; }
  void add(Cell cell, Place at) { all[count++] = {cell, at}; }
  bool has(Cell cell) const {
    return std::any_of(all, all + count, [&](const Thing& thing) { return thing.cell == cell; });
  }
  bool is_near(Place to) const {  // one of them, diagonally too
    return std::any_of(all, all + count, [&](const Thing& thing) {
      return std::abs(to.x - thing.at.x) <= 1 && std::abs(to.y - thing.at.y) <= 1;
    });
  }
};

// Things of which no two are the same, with the agent somewhere among them; apart: none near another.
Things draw_unlike_things(const Level& level, core::Pcg64& random, World& world, bool apart) {
  world.grid.walls(0, 0, level.width, level.height);
  world.leave();
  Things things;
  while (things.count < level.things) {
    const Cell thing = draw_thing(random, 3);
    if (things.has(thing)) continue;
    const auto refused = [&](Place to) { return apart && things.is_near(to); };
    things.add(thing, place(world, random, thing, whole(world), refused));
  }
  place_agent(world, random, whole(world));
  return things;
}

void build_fetch(const Level& level, core::Pcg64& random, World& world) {
  world.grid.walls(0, 0, level.width, level.height);
  world.leave();
  Things things;
  while (things.count < level.things) {
    const Cell thing = draw_thing(random, 2);
    things.add(thing, place(world, random, thing, whole(world)));
  }
  place_agent(world, random, whole(world));
  world.wanted = things[int(random.integers(0, things.count))].cell;
  const auto phrase = uint8_t(random.integers(0, 5));
  world.said = {phrase, colour_word(world.wanted), kind_word(world.wanted)};
}

void build_go_to_object(const Level& level, core::Pcg64& random, World& world) {
  const Things things = draw_unlike_things(level, random, world, false);
  const Thing& target = things[int(random.integers(0, things.count))];
  world.target = target.at;
  world.said = {colour_word(target.cell), kind_word(target.cell)};
}

void build_put_near(const Level& level, core::Pcg64& random, World& world) {
  const Things things = draw_unlike_things(level, random, world, true);
  const int moved = int(random.integers(0, things.count));
  int near = moved;
  while (near == moved) near = int(random.integers(0, things.count));
  world.wanted = things[moved].cell;
  world.target = things[near].at;
  world.said = {colour_word(world.wanted), kind_word(world.wanted), colour_word(things[near].cell),
                kind_word(things[near].cell)};
}

Level fetch(int size, int things) {
  return {.id = fmt::format("MiniGrid-Fetch-{}x{}-N{}-v0", size, size, things),
          .sentence = fmt::format("Pick up the one of {} things that the mission names, {} by {} cells",
                                  things, size, size),
          .mission = {"{} {} {}",
                      {{"get a", "go get a", "fetch a", "go fetch a", "you must fetch a"},
                       colour_names(),
                       {"key", "ball"}}},
          .page = "FetchEnv",
          .width = size,
          .height = size,
          .limit = 5 * size * size,
          .build = build_fetch,
          .task = Task::fetch,
          .see_through_walls = true,
          .things = things};
}

Level go_to_object(int size) {
  return {.id = fmt::format("MiniGrid-GoToObject-{}x{}-N2-v0", size, size),
          .sentence = fmt::format("Go to the one of two things that the mission names and say done, "
                                  "{} by {} cells",
                                  size, size),
          .mission = {"go to the {} {}", {colour_names(), thing_names()}},
          .page = "GoToObjectEnv",
          .width = size,
          .height = size,
          .limit = 5 * size * size,
          .build = build_go_to_object,
          .task = Task::go_beside,
          .see_through_walls = true,
          .things = 2};
}

Level put_near(int size, int things) {
  return {.id = fmt::format("MiniGrid-PutNear-{}x{}-N{}-v0", size, size, things),
          .sentence = fmt::format("Carry one of {} things near another, as the mission says, {} by {} cells",
                                  things, size, size),
          .mission = {"put the {} {} near the {} {}",
                      {colour_names(), thing_names(), colour_names(), thing_names()}},
          .page = "PutNearEnv",
          .width = size,
          .height = size,
          .limit = 5 * size,
          .build = build_put_near,
          .task = Task::put_near,
          .see_through_walls = true,
          .things = things};
}

}  // namespace

std::vector<Level> things_in_a_room() {
  return {fetch(5, 2),     fetch(6, 2),    fetch(8, 3),   go_to_object(6),
          go_to_object(8), put_near(6, 2), put_near(8, 3)};
}

}  // namespace envs::minigrid

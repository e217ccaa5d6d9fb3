// MiniGrid's Memory: what lies in the first room tells which way to turn at the end of a hallway.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

// A room at the left, a hallway from it to column `end`, and one across, behind that column.
void draw_hallways(World& world, int end) {
  const int width = world.grid.width(), height = world.grid.height(), middle = height / 2;
  world.grid.walls(0, 0, width, height);
  for (const int side : {-1, 1}) {
    world.grid.row(middle + 2 * side, 1, 5, wall);
    world.grid.set(4, middle + side, wall);
    world.grid.row(middle + side, 5, end, wall);
  }
  world.grid.column(end, 0, middle, wall);
  world.grid.column(end, middle + 1, height, wall);
  world.grid.column(end + 2, 0, height, wall);
}

void build_memory(const Level& level, core::Pcg64& random, World& world) {
  const int end = level.random ? int(random.integers(4, level.width - 2)) : level.width - 3,
            middle = level.height / 2;
  draw_hallways(world, end);
  world.x = int8_t(random.integers(1, end + 1));
  world.y = int8_t(middle);
  const Cell things[] = {cell(Object::key, Colour::green), cell(Object::ball, Colour::green)};
  const int64_t shown = random.integers(0, 2), below = random.integers(0, 2);
  world.grid.set(1, middle - 1, things[shown]);
  world.grid.set(end + 1, middle - 2, things[1 - below]);
  world.grid.set(end + 1, middle + 2, things[below]);
  world.target = {int8_t(end + 1), int8_t(shown == below ? middle + 1 : middle - 1)};
}

Level memory(int size, bool random) {
  return {.id = fmt::format("MiniGrid-MemoryS{}{}-v0", size, random ? "Random" : ""),
          .sentence = fmt::format("Remember the thing in the first room and go to its like at the end of a "
                                  "hallway{}, {} by {} cells",
                                  random ? " of random length" : "", size, size),
          .mission = "go to the matching object at the end of the hallway",
          .page = "MemoryEnv",
          .width = size,
          .height = size,
          .limit = 5 * size * size,
          .build = build_memory,
          .task = Task::match,
          .random = random};
}

}  // namespace

std::vector<Level> memories() {
  std::vector<Level> all{memory(13, true), memory(17, true)};
  for (const int size : {7, 9, 11, 13}) all.push_back(memory(size, false));
  return all;
}

}  // namespace envs::minigrid

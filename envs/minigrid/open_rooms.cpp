// MiniGrid's rooms with a goal square: Empty, DoorKey, FourRooms, LavaGap, DistShift.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

void build_empty(const Level&, core::Pcg64&, World& world) { room_with_goal(world); }

void build_empty_random(const Level&, core::Pcg64& random, World& world) {
  room_with_goal(world);
  place_agent(world, random, whole(world));
}

void build_door_key(const Level& level, core::Pcg64& random, World& world) {
  room_with_goal(world);
  const int split = int(random.integers(2, level.width - 2));
  const Rect left{0, 0, split, level.height};
  world.grid.column(split, 0, level.height, wall);
  place_agent(world, random, left);
  world.grid.set(split, int(random.integers(1, level.width - 2)),
                 cell(Object::door, Colour::yellow, Door::locked));
  place(world, random, cell(Object::key, Colour::yellow), left);
}

// Each room draws its right wall and the gap in it, then its lower.
void build_four_rooms(const Level& level, core::Pcg64& random, World& world) {
  const int half = level.width / 2;
  world.grid.walls(0, 0, level.width, level.height);
  for (int top = 0; top <= half; top += half)
    for (int left = 0; left <= half; left += half) {
      const int right = left + half, bottom = top + half;
      if (left == 0) {
        world.grid.column(right, top, bottom, wall);
        world.grid.set(right, int(random.integers(top + 1, bottom)), empty);
      }
      if (top == 0) {
        world.grid.row(bottom, left, right, wall);
        world.grid.set(int(random.integers(left + 1, right)), bottom, empty);
      }
    }
  place_agent(world, random, whole(world));
  place(world, random, goal, whole(world));
}

void build_gap(const Level& level, core::Pcg64& random, World& world) {
  room_with_goal(world);
  const int x = int(random.integers(2, level.width - 2)), y = int(random.integers(1, level.height - 1));
  world.grid.column(x, 1, level.height - 1, level.obstacle);
  world.grid.set(x, y, empty);
}

// Two strips of lava between the agent and the goal beside it, one of them where it always is.
void build_shift(const Level& level, core::Pcg64&, World& world) {
  world.grid.walls(0, 0, level.width, level.height);
  world.grid.set(level.width - 2, 1, goal);
  for (const int y : {1, level.lava_row}) world.grid.row(y, 3, level.width - 3, lava);
}

Level empty_room(int size, bool random) {
  return {.id = fmt::format("MiniGrid-Empty-{}{}x{}-v0", random ? "Random-" : "", size, size),
          .sentence = fmt::format("Walk to the goal of an empty room, {} by {} cells{}", size, size,
                                  random ? ", from anywhere in it" : ""),
          .mission = "get to the green goal square",
          .page = "EmptyEnv",
          .width = size,
          .height = size,
          .limit = 4 * size * size,
          .build = random ? build_empty_random : build_empty,
          .see_through_walls = true};
}

Level door_key(int size) {
  return {.id = fmt::format("MiniGrid-DoorKey-{}x{}-v0", size, size),
          .sentence = fmt::format(
              "Find the key, unlock the door and walk through it to the goal, {} by {} cells", size, size),
          .mission = "use the key to open the door and then get to the goal",
          .page = "DoorKeyEnv",
          .width = size,
          .height = size,
          .limit = 10 * size * size,
          .build = build_door_key};
}

Level four_rooms() {
  return {.id = "MiniGrid-FourRooms-v0",
          .sentence = "Find the goal in one of four rooms that gaps connect",
          .mission = "reach the goal",
          .page = "FourRoomsEnv",
          .width = 19,
          .height = 19,
          .limit = 100,
          .build = build_four_rooms};
}

Level lava_gap(int size) {
  return {.id = fmt::format("MiniGrid-LavaGapS{}-v0", size),
          .sentence =
              fmt::format("Walk through the gap in a wall of lava to the goal, {} by {} cells", size, size),
          .mission = "avoid the lava and get to the green goal square",
          .page = "LavaGapEnv",
          .width = size,
          .height = size,
          .limit = 4 * size * size,
          .build = build_gap,
          .obstacle = lava};
}

Level dist_shift(int number, int row) {
  return {.id = fmt::format("MiniGrid-DistShift{}-v0", number),
          .sentence = fmt::format("Walk to the goal around two strips of lava, the second in row {}", row),
          .mission = "get to the green goal square",
          .page = "DistShiftEnv",
          .width = 9,
          .height = 7,
          .limit = 252,
          .build = build_shift,
          .see_through_walls = true,
          .obstacle = lava,
          .lava_row = row};
}

}  // namespace

std::vector<Level> open_rooms() {
  std::vector<Level> all{four_rooms(), dist_shift(1, 2), dist_shift(2, 5)};
  for (const int size : {5, 6, 8, 16}) {
    all.push_back(empty_room(size, false));
    all.push_back(door_key(size));
  }
  for (const int size : {5, 6}) all.push_back(empty_room(size, true));
  for (const int size : {5, 6, 7}) all.push_back(lava_gap(size));
  return all;
}

}  // namespace envs::minigrid

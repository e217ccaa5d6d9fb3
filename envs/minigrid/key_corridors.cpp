// MiniGrid's KeyCorridor: rooms on both sides of a corridor, a ball in the one that is locked, its key in
// another.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/room_grid.h"

namespace envs::minigrid {

namespace {

void build_key_corridor(const Level& level, core::Pcg64& random, World& world) {
  RoomGrid rooms(world, random, level.room_size, 3, level.rooms);
  for (int j = 1; j < level.rooms; ++j) rooms.remove_wall(1, j, 3);
  const int locked = int(random.integers(0, level.rooms));
  const Colour colour = draw_colour(random);
  rooms.add_door(2, locked, 2, colour, Door::locked);
  world.wanted = cell(Object::ball, draw_colour(random));
  world.said[0] = colour_word(world.wanted);
  rooms.put(2, locked, world.wanted);
  rooms.put(0, int(random.integers(0, level.rooms)), cell(Object::key, colour));
  rooms.put_agent(1, level.rooms / 2);
  rooms.connect_all();
}

Level key_corridor(int size, int rows) {
  return {
      .id = fmt::format("MiniGrid-KeyCorridorS{}R{}-v0", size, rows),
      .sentence = fmt::format("Find the key of the locked room off a corridor and fetch the ball from it, "
                              "{} of {} by {} cells a side",
                              rows == 1 ? "one room" : fmt::format("{} rooms", rows), size - 2, size - 2),
      .mission = {"pick up the {} ball", {colour_names()}},
      .page = "KeyCorridorEnv",
      .width = 3 * (size - 1) + 1,
      .height = rows * (size - 1) + 1,
      .limit = 30 * size * size,
      .build = build_key_corridor,
      .task = Task::pick_up,
      .rooms = rows,
      .room_size = size};
}

}  // namespace

std::vector<Level> key_corridors() {
  std::vector<Level> all;
  for (const int rows : {1, 2, 3}) all.push_back(key_corridor(3, rows));
  for (const int size : {4, 5, 6}) all.push_back(key_corridor(size, 3));
  return all;
}

}  // namespace envs::minigrid

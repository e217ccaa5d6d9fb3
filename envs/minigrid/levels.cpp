#include "envs/minigrid/levels.h"

#include <algorithm>

#include "envs/minigrid/level_families.h"

namespace envs::minigrid {

void build(const Level& level, core::Pcg64& random, World& world) {
  world.grid.clear(level.width, level.height);
  world.x = world.y = 1;
  world.direction = 0;
  world.carried = world.wanted = empty;
  world.target = {};
  world.said = {};
  world.obstacles = {};
  level.build(level, random, world);
}

static std::vector<Level> make_levels() {
  std::vector<Level> all;
  for (const auto family :
       {open_rooms, crossings, unlocking, key_corridors, obstructed_mazes, chains_of_rooms, locked_rooms,
        memories, things_in_a_room, door_rooms, obstacle_rooms})
    for (Level& level : family()) all.push_back(std::move(level));
  std::sort(all.begin(), all.end(), [](const Level& a, const Level& b) { return a.id < b.id; });
  return all;
}

const std::vector<Level>& levels() {
  static const std::vector<Level> all = make_levels();
  return all;
}

const Level* find_level(const std::string& id) {
  for (const Level& level : levels())
    if (level.id == id) return &level;
  return nullptr;
}

}  // namespace envs::minigrid

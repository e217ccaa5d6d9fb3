// MiniGrid's Dynamic-Obstacles: balls that roll about an empty room.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"
#include "envs/minigrid/rules.h"

namespace envs::minigrid {

namespace {

void build_obstacles(const Level& level, core::Pcg64& random, World& world) {
  room_with_goal(world);
  if (level.random) place_agent(world, random, whole(world));
  for (int k = 0; k < level.things; ++k)
    world.obstacles[size_t(k)] = place(world, random, rolling_ball, whole(world));
}

Level obstacle_room(int size, int balls, bool random) {
  return {.id = fmt::format("MiniGrid-Dynamic-Obstacles-{}{}x{}-v0", random ? "Random-" : "", size, size),
          .sentence = fmt::format("Walk to the goal past {} rolling balls, {} by {} cells{}", balls, size,
                                  size, random ? ", from anywhere" : ""),
          .mission = "get to the green goal square",
          .page = "DynamicObstaclesEnv",
          .width = size,
          .height = size,
          .limit = 4 * size * size,
          .build = build_obstacles,
          .task = Task::dodge,
          .see_through_walls = true,
          .things = balls,
          .random = random};
}

}  // namespace

std::vector<Level> obstacle_rooms() {
  return {obstacle_room(5, 2, false), obstacle_room(5, 2, true),  obstacle_room(6, 3, false),
          obstacle_room(6, 3, true),  obstacle_room(8, 4, false), obstacle_room(16, 8, false)};
}

}  // namespace envs::minigrid

// MiniGrid's rooms whose doors are the task: GoToDoor, RedBlueDoors.
#include <fmt/format.h>

#include <algorithm>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

// A door in each wall, each of another colour, of a room that need not fill the grid.
void build_go_to_door(const Level& level, core::Pcg64& random, World& world) {
  const int width = int(random.integers(5, level.width + 1)),
            height = int(random.integers(5, level.height + 1));
  world.grid.walls(0, 0, width, height);
  const auto draw = [&](int length) { return int8_t(random.integers(2, length - 2)); };
  const Place top{draw(width), 0}, bottom{draw(width), int8_t(height - 1)}, left{0, draw(height)},
      right{int8_t(width - 1), draw(height)};
  const Place doors[] = {top, bottom, left, right};
  Colour colours_of[4];
  for (int k = 0; k < 4;) {
    colours_of[k] = draw_colour(random);
    if (std::find(colours_of, colours_of + k, colours_of[k]) == colours_of + k) ++k;
  }
  for (int k = 0; k < 4; ++k)
    world.grid.set(doors[k].x, doors[k].y, cell(Object::door, colours_of[k], Door::closed));
  place_agent(world, random, {0, 0, width, height});
  const int64_t target = random.integers(0, 4);
  world.target = doors[target];
  world.said[0] = uint8_t(colours_of[target]);
}

// A room in the middle of a wide one, a red door in its left wall and a blue one in its right.
void build_red_blue(const Level& level, core::Pcg64& random, World& world) {
  const int size = level.height, left = size / 2, right = left + size - 1;
  world.grid.walls(0, 0, level.width, size);
  world.grid.walls(left, 0, size, size);
  place_agent(world, random, {left, 0, size, size});
  world.target = {int8_t(left), int8_t(random.integers(1, size - 1))};
  world.grid.set(left, world.target.y, cell(Object::door, Colour::red, Door::closed));
  world.grid.set(right, int(random.integers(1, size - 1)), cell(Object::door, Colour::blue, Door::closed));
}

Level go_to_door(int size) {
  return {.id = fmt::format("MiniGrid-GoToDoor-{}x{}-v0", size, size),
          .sentence = fmt::format("Go to the one of four doors that the mission names and say done, up to "
                                  "{} by {} cells",
                                  size, size),
          .mission = {"go to the {} door", {colour_names()}},
          .page = "GoToDoorEnv",
          .width = size,
          .height = size,
          .limit = 4 * size * size,
          .build = build_go_to_door,
          .task = Task::go_beside,
          .see_through_walls = true,
          .walled = false};
}

Level red_blue_doors(int size) {
  return {.id = fmt::format("MiniGrid-RedBlueDoors-{}x{}-v0", size, size),
          .sentence =
              fmt::format("Open the red door, then the blue one, of a room of {} by {} cells", size, size),
          .mission = "open the red door then the blue door",
          .page = "RedBlueDoorEnv",
          .width = 2 * size,
          .height = size,
          .limit = 20 * size * size,
          .build = build_red_blue,
          .task = Task::red_then_blue};
}

}  // namespace

std::vector<Level> door_rooms() {
  return {go_to_door(5), go_to_door(6), go_to_door(8), red_blue_doors(6), red_blue_doors(8)};
}

}  // namespace envs::minigrid

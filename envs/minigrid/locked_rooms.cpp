// MiniGrid's LockedRoom, six rooms along a hallway, one of them locked; and Playground, nine rooms with
// things and without a task.
#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

constexpr int rooms_on_hallway = 6;

struct SideRoom {
  Rect inside;
  Place door;
  Colour colour;
};

// Left and right of a hallway of five columns, three a side.
void draw_side_rooms(World& world, SideRoom* rooms) {
  const int width = world.grid.width(), height = world.grid.height();
  const int left = width / 2 - 2, right = width / 2 + 2, apart = height / 3;
  world.grid.walls(0, 0, width, height);
  for (const int x : {left, right}) world.grid.column(x, 0, height, wall);
  for (int n = 0; n < 3; ++n) {
    const int top = n * apart;
    world.grid.row(top, 0, left, wall);
    world.grid.row(top, right, width, wall);
    const Place door{int8_t(left), int8_t(top + 3)};
    rooms[2 * n] = {{1, top + 1, left - 1, apart - 1}, door, {}};
    rooms[2 * n + 1] = {{right + 1, top + 1, left - 1, apart - 1}, {int8_t(right), door.y}, {}};
  }
}

void build_locked_room(const Level&, core::Pcg64& random, World& world) {
  SideRoom rooms[rooms_on_hallway];
  draw_side_rooms(world, rooms);
  const int locked = int(random.integers(0, rooms_on_hallway));
  const Place end = draw_place(random, rooms[locked].inside);
  world.grid.set(end.x, end.y, goal);
  Palette palette;
  for (int k = 0; k < rooms_on_hallway; ++k) {
    rooms[k].colour = palette.draw(random);
    world.grid.set(rooms[k].door.x, rooms[k].door.y,
                   cell(Object::door, rooms[k].colour, k == locked ? Door::locked : Door::closed));
  }
  int with_key = locked;
  while (with_key == locked) with_key = int(random.integers(0, rooms_on_hallway));
  const Place key = draw_place(random, rooms[with_key].inside);
  world.grid.set(key.x, key.y, cell(Object::key, rooms[locked].colour));
  const int left = uint8_t(rooms[0].door.x), right = uint8_t(rooms[1].door.x);
  place_agent(world, random, {left, 0, right - left, world.grid.height()});
  world.said = {uint8_t(rooms[locked].colour), uint8_t(rooms[with_key].colour),
                uint8_t(rooms[locked].colour)};
}

// Each room draws the wall and the door to its right, then those below.
void build_playground(const Level& level, core::Pcg64& random, World& world) {
  const int size = level.width / 3;
  world.grid.walls(0, 0, level.width, level.height);
  for (int top = 0; top < 3 * size; top += size)
    for (int left = 0; left < 3 * size; left += size) {
      const int right = left + size, bottom = top + size;
      if (right < 3 * size) {
        world.grid.column(right, top, bottom, wall);
        const int y = int(random.integers(top + 1, bottom - 1));
        world.grid.set(right, y, cell(Object::door, draw_colour(random), Door::closed));
      }
      if (bottom < 3 * size) {
        world.grid.row(bottom, left, right, wall);
        const int x = int(random.integers(left + 1, right - 1));
        world.grid.set(x, bottom, cell(Object::door, draw_colour(random), Door::closed));
      }
    }
  place_agent(world, random, whole(world));
  for (int k = 0; k < level.things; ++k) {
    const Cell thing = draw_thing(random, 3);
    place(world, random, thing, whole(world));
  }
}

}  // namespace

std::vector<Level> locked_rooms() {
  return {{.id = "MiniGrid-LockedRoom-v0",
           .sentence = "Fetch the key from the room that the mission names, unlock another and find the goal",
           .mission = {"get the {} key from the {} room, unlock the {} door and go to the goal",
                       {colour_names(), colour_names(), colour_names()}},
           .page = "LockedRoomEnv",
           .width = 19,
           .height = 19,
           .limit = 190,
           .build = build_locked_room},
          {.id = "MiniGrid-Playground-v0",
           .sentence = "Play with twelve things in nine rooms, without a task and without reward",
           .mission = "",
           .page = "PlaygroundEnv",
           .width = 19,
           .height = 19,
           .limit = 100,
           .build = build_playground,
           .things = 12}};
}

}  // namespace envs::minigrid

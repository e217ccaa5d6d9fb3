// MiniGrid's two rooms with a locked door between them: Unlock, UnlockPickup, BlockedUnlockPickup.
#include <utility>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/room_grid.h"

namespace envs::minigrid {

namespace {

void build_unlock(const Level& level, core::Pcg64& random, World& world) {
  RoomGrid rooms(world, random, level.room_size, 2, 1);
  const Colour colour = draw_colour(random);
  rooms.add_door(0, 0, 0, colour, Door::locked);
  rooms.put(0, 0, cell(Object::key, colour));
  rooms.put_agent(0, 0);
}

// A box lies behind the door; level.things: whether a ball lies in front of it.
void build_unlock_pickup(const Level& level, core::Pcg64& random, World& world) {
  RoomGrid rooms(world, random, level.room_size, 2, 1);
  world.wanted = cell(Object::box, draw_colour(random));
  world.said[0] = colour_word(world.wanted);
  rooms.put(1, 0, world.wanted);
  const Colour colour = draw_colour(random);
  const Place door = rooms.add_door(0, 0, 0, colour, Door::locked);
  if (level.things) world.grid.set(door.x - 1, door.y, cell(Object::ball, draw_colour(random)));
  rooms.put(0, 0, cell(Object::key, colour));
  rooms.put_agent(0, 0);
}

Level two_rooms(Task task, Mission mission, int64_t limit) {
  return {.id = "",
          .sentence = "",
          .mission = std::move(mission),
          .page = "",
          .width = 11,
          .height = 6,
          .limit = limit,
          .build = task == Task::open_door ? build_unlock : build_unlock_pickup,
          .task = task,
          .room_size = 6};
}

}  // namespace

std::vector<Level> unlocking() {
  Level unlock = two_rooms(Task::open_door, "open the door", 288);
  unlock.id = "MiniGrid-Unlock-v0";
  unlock.page = "UnlockEnv";
  unlock.sentence = "Find the key and open the locked door between two rooms";

  Level pickup = two_rooms(Task::pick_up, {"pick up the {} box", {colour_names()}}, 288);
  pickup.id = "MiniGrid-UnlockPickup-v0";
  pickup.page = "UnlockPickupEnv";
  pickup.sentence = "Find the key, open the locked door and pick up the box behind it";

  Level blocked = two_rooms(Task::pick_up, {"pick up the {} box", {colour_names()}}, 576);
  blocked.id = "MiniGrid-BlockedUnlockPickup-v0";
  blocked.page = "BlockedUnlockPickupEnv";
  blocked.sentence = "Move the ball out of the way, open the locked door and pick up the box behind it";
  blocked.things = 1;
  return {unlock, pickup, blocked};
}

}  // namespace envs::minigrid

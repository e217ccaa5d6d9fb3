// MiniGrid's MultiRoom: rooms of random size, each behind a door of the one before.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

constexpr int most_in_chain = 6, smallest_side = 4;

struct ChainRoom {
  Rect rect;
  Place entry;  // the door from the room before
};

struct Chain {
  ChainRoom rooms[most_in_chain];
  int count = 0;
};

// A room of random size with its entry in the given wall; the entry is no corner. The first has its corner
// there.
Rect draw_room(core::Pcg64& random, int largest, bool first, int wall_of_entry, Place entry) {
  const int width = int(random.integers(smallest_side, largest + 1)),
            height = int(random.integers(smallest_side, largest + 1));
  if (first) return {entry.x, entry.y, width, height};
  if (wall_of_entry % 2 == 0) {
    const int y = int(random.integers(entry.y - height + 2, entry.y));
    return {wall_of_entry == 0 ? entry.x - width + 1 : entry.x, y, width, height};
  }
  const int x = int(random.integers(entry.x - width + 2, entry.x));
  return {x, wall_of_entry == 1 ? entry.y - height + 1 : entry.y, width, height};
}

// As MiniGrid has it: a room may end in the last column but not in the last row, and keeps a column free to
// its right, before a room that lies there, but none to its left.
bool fits(const Level& level, const Chain& chain, const Rect& room) {
  if (room.x < 0 || room.y < 0 || room.x + room.width > level.width || room.y + room.height >= level.height)
    return false;
  for (int k = 0; k + 1 < chain.count; ++k) {
    const Rect& other = chain.rooms[k].rect;
    const bool apart = room.x + room.width < other.x || other.x + other.width <= room.x ||
                       room.y + room.height < other.y || other.y + other.height <= room.y;
    if (!apart) return false;
  }
  return true;
}

Place draw_exit(core::Pcg64& random, const Rect& room, int side) {
  const int along = int(random.integers(1, (side % 2 == 0 ? room.height : room.width) - 1));
  if (side % 2 == 0) return {int8_t(side == 0 ? room.x + room.width - 1 : room.x), int8_t(room.y + along)};
  return {int8_t(room.x + along), int8_t(side == 1 ? room.y + room.height - 1 : room.y)};
}

// Adds a room and, in eight tries, those behind it; false: there is no place for it.
bool extend(const Level& level, core::Pcg64& random, Chain& chain, int wall_of_entry, Place entry) {
  const Rect room = draw_room(random, level.room_size, chain.count == 0, wall_of_entry, entry);
  if (!fits(level, chain, room)) return false;
  chain.rooms[chain.count++] = {room, entry};
  for (int tries = 0; chain.count < level.rooms && tries < 8; ++tries) {
    const int drawn = int(random.integers(0, 3)), side = drawn + (drawn >= wall_of_entry);
    if (extend(level, random, chain, (side + 2) % 4, draw_exit(random, room, side))) break;
  }
  return true;
}

Chain draw_chain(const Level& level, core::Pcg64& random) {
  Chain longest;
  while (longest.count < level.rooms) {
    Chain chain;
    const int x = int(random.integers(0, level.width - 2)), y = int(random.integers(0, level.width - 2));
    extend(level, random, chain, 2, {int8_t(x), int8_t(y)});
    if (chain.count > longest.count) longest = chain;
  }
  return longest;
}

// Any colour but the last one's.
Colour draw_other_colour(core::Pcg64& random, const Colour* last) {
  const auto* const at = last ? std::find(by_name, by_name + colours, *last) : by_name + colours;
  const int64_t drawn = random.integers(0, last ? colours - 1 : colours);
  return by_name[drawn + (drawn >= at - by_name)];
}

void build_chain(const Level& level, core::Pcg64& random, World& world) {
  const Chain chain = draw_chain(level, random);
  Colour last{};
  for (int k = 0; k < chain.count; ++k) {
    const auto& [rect, entry] = chain.rooms[k];
    world.grid.walls(rect.x, rect.y, rect.width, rect.height);
    if (k == 0) continue;
    last = draw_other_colour(random, k == 1 ? nullptr : &last);
    world.grid.set(entry.x, entry.y, cell(Object::door, last, Door::closed));
  }
  place_agent(world, random, chain.rooms[0].rect);
  place(world, random, goal, chain.rooms[chain.count - 1].rect);
}

// `name` may promise other numbers than the level keeps: MiniGrid's N4-S5-v0 has six rooms.
Level chain_of_rooms(const char* name, int rooms, int largest) {
  return {
      .id = fmt::format("MiniGrid-MultiRoom-{}", name),
      .sentence = fmt::format("Walk through the doors of {} rooms to the goal in the last, rooms of up to "
                              "{} by {} cells",
                              rooms, largest - 2, largest - 2),
      .mission = "traverse the rooms to get to the goal",
      .page = "MultiRoomEnv",
      .width = 25,
      .height = 25,
      .limit = 20 * rooms,
      .build = build_chain,
      .walled = false,
      .rooms = rooms,
      .room_size = largest};
}

}  // namespace

std::vector<Level> chains_of_rooms() {
  return {chain_of_rooms("N2-S4-v0", 2, 4), chain_of_rooms("N4-S5-v0", 6, 5),
          chain_of_rooms("N4-S5-v1", 4, 5), chain_of_rooms("N6-v0", 6, 10)};
}

}  // namespace envs::minigrid

// MiniGrid's ObstructedMaze: a blue ball in a maze of locked doors, with keys in boxes and balls before
// doors.
#include <fmt/format.h>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/room_grid.h"

namespace envs::minigrid {

namespace {

constexpr Cell blue_ball = cell(Object::ball, Colour::blue), green_ball = cell(Object::ball, Colour::green);

// The six colours, shuffled by drawing one after another.
struct DoorColours {
  Colour at[colours];
  explicit DoorColours(core::Pcg64& random) {
    Palette palette;
    for (Colour& colour : at) colour = palette.draw(random);
  }
};

void add_locked_door(RoomGrid& rooms, World& world, const Maze& maze, Place room, int side, Colour colour) {
  const Place door = rooms.add_door(room.x, room.y, side, colour, Door::locked);
  if (maze.blocked) world.grid.set(door.x - step_x[side], door.y - step_y[side], green_ball);
}

void add_key(RoomGrid& rooms, const Maze& maze, Place room, Colour colour) {
  rooms.put(room.x, room.y, maze.key_in_box ? box_with_key(colour) : cell(Object::key, colour));
}

void build_two_room_maze(const Level& level, core::Pcg64& random, World& world) {
  RoomGrid rooms(world, random, level.room_size, 2, 1);
  const DoorColours doors(random);
  add_locked_door(rooms, world, level.maze, {0, 0}, 0, doors.at[0]);
  add_key(rooms, level.maze, {0, 0}, doors.at[0]);
  world.wanted = blue_ball;
  rooms.put(1, 0, blue_ball);
  rooms.put_agent(0, 0);
}

// The room on one side of the middle one: a door to it, a locked door in each of its own sides, and the keys
// of both. A ball that is laid before the second door may bury the first key, unless keys come last.
void build_quarter(RoomGrid& rooms, World& world, const Maze& maze, const DoorColours& doors, int side) {
  const Place beside{int8_t(1 + step_x[side]), int8_t(1 + step_y[side])};
  rooms.add_door(1, 1, side, doors.at[side], Door::closed);
  for (const int turn : {-1, 1}) {
    const Colour colour = doors.at[(side + turn + colours) % colours];
    add_locked_door(rooms, world, maze, beside, (side + turn + 4) % 4, colour);
    if (!maze.keys_last) add_key(rooms, maze, beside, colour);
  }
  if (!maze.keys_last) return;
  for (const int turn : {-1, 1}) add_key(rooms, maze, beside, doors.at[(side + turn + colours) % colours]);
}

void build_maze(const Level& level, core::Pcg64& random, World& world) {
  static constexpr Place corners[] = {{2, 0}, {2, 2}, {0, 2}, {0, 0}};
  const Maze& maze = level.maze;
  RoomGrid rooms(world, random, level.room_size, 3, 3);
  const DoorColours doors(random);
  for (int side = 0; side < maze.quarters; ++side) build_quarter(rooms, world, maze, doors, side);
  const Place corner = corners[random.integers(0, maze.quarters)];
  world.wanted = blue_ball;
  rooms.put(corner.x, corner.y, blue_ball);
  rooms.put_agent(maze.agent_room.x, maze.agent_room.y);
}

std::string maze_sentence(const Maze& maze) {
  std::string sentence = maze.quarters == 0   ? "Find a ball behind a locked door"
                         : maze.quarters == 4 ? "Find a ball in a maze of nine rooms with locked doors"
                                              : fmt::format(
                                                    "Find a ball in {} of the four corners of a maze "
                                                    "with locked doors",
                                                    maze.quarters == 1 ? "one" : "two");
  if (maze.key_in_box) sentence += ", the keys in boxes";
  if (maze.blocked) sentence += ", the doors blocked by balls";
  return sentence;
}

// visited: rooms for which the time limit has room.
Level obstructed_maze(const char* name, Maze maze, int visited) {
  const bool two = maze.quarters == 0;
  return {.id = fmt::format("MiniGrid-ObstructedMaze-{}-v{}", name, int(maze.keys_last)),
          .sentence = maze_sentence(maze) + (maze.keys_last ? ", none buried under another" : ""),
          .mission = "pick up the blue ball",
          .page = two ? "ObstructedMaze_1Dlhb" : "ObstructedMaze_Full",
          .width = two ? 11 : 16,
          .height = two ? 6 : 16,
          .limit = 4 * visited * 36,
          .build = two ? build_two_room_maze : build_maze,
          .task = Task::pick_up,
          .room_size = 6,
          .maze = maze};
}

}  // namespace

std::vector<Level> obstructed_mazes() {
  std::vector<Level> all{obstructed_maze("1Dl", {{0, 0}, false, false, 0}, 2),
                         obstructed_maze("1Dlh", {{0, 0}, true, false, 0}, 2),
                         obstructed_maze("1Dlhb", {{0, 0}, true, true, 0}, 2),
                         obstructed_maze("2Dl", {{2, 1}, false, false, 1}, 4),
                         obstructed_maze("2Dlh", {{2, 1}, true, false, 1}, 4)};
  for (const bool keys_last : {false, true}) {
    all.push_back(obstructed_maze("2Dlhb", {{2, 1}, true, true, 1, keys_last}, 4));
    all.push_back(obstructed_maze("1Q", {{1, 1}, true, true, 1, keys_last}, 5));
    all.push_back(obstructed_maze("2Q", {{2, 1}, true, true, 2, keys_last}, 11));
    all.push_back(obstructed_maze("Full", {{1, 1}, true, true, 4, keys_last}, 25));
  }
  return all;
}

}  // namespace envs::minigrid

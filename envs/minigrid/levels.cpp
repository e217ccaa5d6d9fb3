#include "envs/minigrid/levels.h"

#include <fmt/format.h>

#include <utility>

namespace envs::minigrid {

namespace {

struct Rect {
  int x, y, width, height;
};

Rect whole(const World& world) { return {0, 0, world.grid.width(), world.grid.height()}; }

// x, then y, again until the cell is empty and not the agent's.
std::pair<int, int> free_cell(const World& world, core::Pcg64& random, Rect where) {
  for (;;) {
    const int x = int(random.integers(where.x, where.x + where.width));
    const int y = int(random.integers(where.y, where.y + where.height));
    if (world.grid.at(x, y) == empty && !(x == world.x && y == world.y)) return {x, y};
  }
}

void place(World& world, core::Pcg64& random, Cell cell, Rect where) {
  const auto [x, y] = free_cell(world, random, where);
  world.grid.set(x, y, cell);
}

void place_agent(World& world, core::Pcg64& random, Rect where) {
  world.x = world.y = -1;  // nowhere: any empty cell will do
  const auto [x, y] = free_cell(world, random, where);
  world.x = int8_t(x);
  world.y = int8_t(y);
  world.direction = uint8_t(random.integers(0, 4));
}

void room_with_goal(World& world) {
  const auto [x, y, width, height] = whole(world);
  world.grid.walls(x, y, width, height);
  world.grid.set(width - 2, height - 2, goal);
}

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

// NumPy's random_interval: 0 .. most, again while the masked bits exceed it.
uint32_t interval(core::Pcg64& random, uint32_t most) {
  const uint32_t mask = std::bit_ceil(most + 1) - 1;
  for (;;)
    if (const uint32_t value = random.next32() & mask; value <= most) return value;
}

// NumPy's Generator.shuffle of a list.
template <class T>
void shuffle(T* items, int count, core::Pcg64& random) {
  for (int i = count - 1; i > 0; --i) std::swap(items[i], items[interval(random, uint32_t(i))]);
}

struct River {
  bool horizontal;
  int at;
};

// The bounds of the rooms between rivers, along one axis.
struct Bounds {
  int at[Grid::most] = {0}, count = 1;
  void add(int line) { at[count++] = line; }
};

// Which rivers there are: the first K of all, shuffled.
void draw_rivers(const Level& level, core::Pcg64& random, Bounds& vertical, Bounds& horizontal) {
  River rivers[Grid::most];
  int count = 0;
  for (int x = 2; x < level.width - 2; x += 2) rivers[count++] = {false, x};
  for (int y = 2; y < level.height - 2; y += 2) rivers[count++] = {true, y};
  shuffle(rivers, count, random);
  std::sort(rivers, rivers + level.crossings, [](River a, River b) { return a.at < b.at; });
  for (int k = 0; k < level.crossings; ++k) (rivers[k].horizontal ? horizontal : vertical).add(rivers[k].at);
  vertical.add(level.width - 1);
  horizontal.add(level.height - 1);
}

// A way from the first room to the last, a step across one river each; where it crosses, a cell is opened.
void open_crossings(World& world, core::Pcg64& random, const Bounds& vertical, const Bounds& horizontal) {
  bool path[Grid::most];  // whether the step crosses a vertical river
  const int across = vertical.count - 2, down = horizontal.count - 2;
  std::fill_n(path, across, true);
  std::fill_n(path + across, down, false);
  shuffle(path, across + down, random);
  int i = 0, j = 0;
  for (int k = 0; k < across + down; ++k) {
    const Bounds& rooms = path[k] ? horizontal : vertical;
    const int room = path[k] ? j : i;
    const int opening = int(random.integers(rooms.at[room] + 1, rooms.at[room + 1]));
    if (path[k])
      world.grid.set(vertical.at[++i], opening, empty);
    else
      world.grid.set(opening, horizontal.at[++j], empty);
  }
}

void build_crossing(const Level& level, core::Pcg64& random, World& world) {
  room_with_goal(world);
  Bounds vertical, horizontal;
  draw_rivers(level, random, vertical, horizontal);
  for (int k = 1; k + 1 < horizontal.count; ++k)
    world.grid.row(horizontal.at[k], 1, level.width - 1, level.obstacle);
  for (int k = 1; k + 1 < vertical.count; ++k)
    world.grid.column(vertical.at[k], 1, level.height - 1, level.obstacle);
  open_crossings(world, random, vertical, horizontal);
}

// Two rooms of 6 x 6 share a wall; the agent must not start with the door or the key before it.
void build_unlock(const Level& level, core::Pcg64& random, World& world) {
  static constexpr Colour by_name[] = {Colour::blue,   Colour::green, Colour::grey,
                                       Colour::purple, Colour::red,   Colour::yellow};
  const int size = level.height, shared = size - 1;
  const Rect left{0, 0, size, size};
  world.grid.walls(0, 0, size, size);
  world.grid.walls(shared, 0, size, size);
  const int row = int(random.integers(1, size - 1));
  const Colour colour = by_name[random.integers(0, colours)];
  world.grid.set(shared, row, cell(Object::door, colour, Door::locked));
  world.x = world.y = -1;  // the agent waits in the other room: the key may lie anywhere in this one
  place(world, random, cell(Object::key, colour), left);
  do place_agent(world, random, left);
  while (world.ahead() != empty && world.ahead() != wall);
}

}  // namespace

void build(const Level& level, core::Pcg64& random, World& world) {
  world.grid.clear(level.width, level.height);
  world.x = world.y = 1;
  world.direction = 0;
  world.carried = empty;
  level.build(level, random, world);
}

namespace {

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
          .width = Grid::most,
          .height = Grid::most,
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

Level crossing(Cell obstacle, int size, int rivers) {
  const bool burns = obstacle == lava;
  return {.id = fmt::format("MiniGrid-{}CrossingS{}N{}-v0", burns ? "Lava" : "Simple", size, rivers),
          .sentence = fmt::format("Cross {} {}{} to the goal, {} by {} cells", rivers,
                                  burns ? "river" : "wall", rivers == 1 ? "" : "s", size, size) +
                      (burns ? ", without touching the lava" : ""),
          .mission = burns ? "avoid the lava and get to the green goal square"
                           : "find the opening and get to the green goal square",
          .page = "CrossingEnv",
          .width = size,
          .height = size,
          .limit = 4 * size * size,
          .build = build_crossing,
          .obstacle = obstacle,
          .crossings = rivers};
}

Level unlock() {
  return {.id = "MiniGrid-Unlock-v0",
          .sentence = "Find the key and open the locked door between two rooms",
          .mission = "open the door",
          .page = "UnlockEnv",
          .width = 11,
          .height = 6,
          .limit = 288,
          .build = build_unlock,
          .opens_door = true};
}

std::vector<Level> make_levels() {
  std::vector<Level> all{four_rooms(), unlock()};
  for (const int size : {5, 6, 8, 16}) {
    all.push_back(empty_room(size, false));
    all.push_back(door_key(size));
  }
  for (const int size : {5, 6}) all.push_back(empty_room(size, true));
  for (const int size : {5, 6, 7}) all.push_back(lava_gap(size));
  for (const Cell obstacle : {wall, lava}) {
    for (const int rivers : {1, 2, 3}) all.push_back(crossing(obstacle, 9, rivers));
    all.push_back(crossing(obstacle, 11, 5));
  }
  std::sort(all.begin(), all.end(), [](const Level& a, const Level& b) { return a.id < b.id; });
  return all;
}

}  // namespace

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

// MiniGrid's crossings: rivers of wall or lava, with openings along one way through all of them.
#include <fmt/format.h>

#include <utility>

#include "envs/minigrid/level_families.h"
#include "envs/minigrid/placing.h"

namespace envs::minigrid {

namespace {

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

}  // namespace

std::vector<Level> crossings() {
  std::vector<Level> all;
  for (const Cell obstacle : {wall, lava}) {
    for (const int rivers : {1, 2, 3}) all.push_back(crossing(obstacle, 9, rivers));
    all.push_back(crossing(obstacle, 11, 5));
  }
  return all;
}

}  // namespace envs::minigrid

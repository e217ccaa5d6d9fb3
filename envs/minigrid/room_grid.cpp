#include "envs/minigrid/room_grid.h"

#include <cstdlib>

namespace envs::minigrid {

RoomGrid::RoomGrid(World& world, core::Pcg64& random, int size, int columns, int rows)
    : world_(world), random_(random), size_(size), columns_(columns), rows_count_(rows) {
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) world.grid.walls(room(i, j).x, room(i, j).y, size, size);
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) draw_door_places(i, j);
  world.x = int8_t(columns / 2 * (size - 1) + size / 2);
  world.y = int8_t(rows / 2 * (size - 1) + size / 2);
}

// To the right and down; the rooms there know it as theirs to the left and up.
void RoomGrid::draw_door_places(int i, int j) {
  const Rect own = room(i, j);
  const int right = own.x + size_ - 1, bottom = own.y + size_ - 1;
  const auto share = [&](int side, Place door) {
    Room& other = at(i + step_x[side], j + step_y[side]);
    at(i, j).door[side] = other.door[side + 2] = door;
    at(i, j).has_neighbour[side] = other.has_neighbour[side + 2] = true;
  };
  if (i + 1 < columns_) share(0, {int8_t(right), int8_t(random_.integers(own.y + 1, bottom))});
  if (j + 1 < rows_count_) share(1, {int8_t(random_.integers(own.x + 1, right)), int8_t(bottom)});
}

void RoomGrid::put(int i, int j, Cell thing) {
  place(world_, random_, thing, room(i, j),
        [this](Place to) { return std::abs(to.x - world_.x) + std::abs(to.y - world_.y) < 2; });
}

void RoomGrid::link(int i, int j, int side) {
  at(i, j).is_linked[side] = at(i + step_x[side], j + step_y[side]).is_linked[(side + 2) % 4] = true;
}

Place RoomGrid::add_door(int i, int j, int side, Colour colour, Door state) {
  const Place door = at(i, j).door[side];
  at(i, j).is_locked = state == Door::locked;
  world_.grid.set(door.x, door.y, cell(Object::door, colour, state));
  link(i, j, side);
  return door;
}

void RoomGrid::remove_wall(int i, int j, int side) {
  const Rect own = room(i, j);
  const int far = size_ - 1;
  if (side % 2 == 0)
    world_.grid.column(own.x + (side == 0 ? far : 0), own.y + 1, own.y + far, empty);
  else
    world_.grid.row(own.y + (side == 1 ? far : 0), own.x + 1, own.x + far, empty);
  link(i, j, side);
}

void RoomGrid::put_agent(int i, int j) {
  do place_agent(world_, random_, room(i, j));
  while (world_.ahead() != empty && world_.ahead() != wall);
}

// How many rooms can be reached from the agent's, through doors of any kind.
int RoomGrid::reachable() const {
  bool seen[most][most] = {};
  Place open[most * most];
  int count = 0, visited = 0;
  const auto enter = [&](int i, int j) {
    if (!seen[j][i]) open[count++] = {int8_t(i), int8_t(j)};
    seen[j][i] = true;
  };
  enter(world_.x / (size_ - 1), world_.y / (size_ - 1));
  while (visited < count) {
    const auto [i, j] = open[visited++];
    for (int side = 0; side < 4; ++side)
      if (rooms_[j][i].is_linked[side]) enter(i + step_x[side], j + step_y[side]);
  }
  return count;
}

void RoomGrid::connect_all() {
  while (reachable() < columns_ * rows_count_) {
    const int i = int(random_.integers(0, columns_)), j = int(random_.integers(0, rows_count_)),
              side = int(random_.integers(0, 4));
    if (!at(i, j).has_neighbour[side] || at(i, j).is_linked[side]) continue;
    if (at(i, j).is_locked || at(i + step_x[side], j + step_y[side]).is_locked) continue;
    add_door(i, j, side, draw_colour(random_), Door::closed);
  }
}

}  // namespace envs::minigrid

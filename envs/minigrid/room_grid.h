// A grid of equal rooms that share their walls, as MiniGrid's RoomGrid lays them out: doors, things and the
// agent are added one after another, each drawn where MiniGrid draws it.
#pragma once

#include "envs/minigrid/placing.h"

namespace envs::minigrid {

class RoomGrid {
 public:
  static constexpr int most = 3;  // rooms in a row, and in a column

  // Draws where the doors of all rooms will be. The agent waits in the middle.
  RoomGrid(World& world, core::Pcg64& random, int size, int columns, int rows);

  // Room (i, j): of column i and row j. `side`: 0 right, 1 down, 2 left, 3 up.
  Rect room(int i, int j) const { return {i * (size_ - 1), j * (size_ - 1), size_, size_}; }
  // Anywhere in the room but within a step of the agent.
  void put(int i, int j, Cell thing);
  // There must be a room behind, and no door yet.
  Place add_door(int i, int j, int side, Colour colour, Door state);
  void remove_wall(int i, int j, int side);
  // Anywhere in the room, not looking at a thing or a door.
  void put_agent(int i, int j);
  // Doors at random, until every room can be reached from the agent's without a room that is locked.
  void connect_all();

 private:
  struct Room {
    Place door[4];
    bool has_neighbour[4] = {}, is_linked[4] = {};
    bool is_locked = false;
  };

  Room& at(int i, int j) { return rooms_[j][i]; }
  void draw_door_places(int i, int j);
  void link(int i, int j, int side);
  int reachable() const;

  World& world_;
  core::Pcg64& random_;
  int size_, columns_, rows_count_;
  Room rooms_[most][most];
};

}  // namespace envs::minigrid

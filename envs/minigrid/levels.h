// MiniGrid's levels: what each is called, what is to be done there, and how its room is laid out.
#pragma once

#include <string>
#include <vector>

#include "core/random.h"
#include "envs/minigrid/grid.h"
#include "envs/minigrid/mission.h"

namespace envs::minigrid {

// What ends an episode, beside the goal, lava and the time limit.
enum class Task : uint8_t {
  reach,          // nothing
  open_door,      // the door was opened: won
  pick_up,        // what is wanted was picked up: won
  fetch,          // anything was picked up: won if it is of the wanted kind
  go_beside,      // "done": won beside the target; "toggle": lost
  put_near,       // what was carried was put down: won near the target; another thing picked up: lost
  match,          // the agent stands on the target: won; on its mirror image in the middle row: lost
  red_then_blue,  // the blue door was opened: won if the red one (at the target) is open
  dodge           // a step into an obstacle or a wall costs 1; the obstacles move
};

// How the rooms of an obstructed maze are locked.
struct Maze {
  Place agent_room;
  bool key_in_box = false, blocked = false;
  int quarters = 0;
  bool keys_last = false;  // keys are placed behind the balls, so that none is lost under one
};

struct Level {
  std::string id, sentence;
  Mission mission;
  std::string page;  // of minigrid.farama.org
  int width, height;
  int64_t limit;  // steps; the reward of success sinks with it
  // Fills the grid and places the agent; `world` comes with an empty grid and the agent at (1, 1) looking
  // right.
  void (*build)(const Level&, core::Pcg64&, World&);
  Task task = Task::reach;
  bool see_through_walls = false;
  bool walled = true;    // all around the grid; else doors are in the way, or walls farther in
  Cell obstacle = wall;  // gaps and crossings
  int crossings = 0;
  int things = 0;  // that lie about, or obstacles that move
  int rooms = 0;   // in a column, or one after another
  int room_size = 0;
  int lava_row = 0;
  bool random = false;  // what is usually at a place of its own is anywhere
  Maze maze = {};
};

// By id. Their addresses last.
const std::vector<Level>& levels();
const Level* find_level(const std::string& id);  // null: none

// A new episode's world, from integers drawn in MiniGrid's order.
void build(const Level& level, core::Pcg64& random, World& world);

}  // namespace envs::minigrid

// MiniGrid's levels: what each is called, what is to be done there, and how its room is laid out.
#pragma once

#include <string>
#include <vector>

#include "core/random.h"
#include "envs/minigrid/grid.h"

namespace envs::minigrid {

struct Level {
  std::string id, sentence, mission, page;  // page: of minigrid.farama.org
  int width, height;
  int64_t limit;  // steps; the reward of success sinks with it
  // Fills the grid and places the agent; `world` comes with an empty grid and the agent at (1, 1) looking
  // right.
  void (*build)(const Level&, core::Pcg64&, World&);
  bool see_through_walls = false;
  bool opens_door = false;  // success is to have opened the door, else to stand on the goal
  Cell obstacle = wall;     // gaps and crossings
  int crossings = 0;
};

// By id. Their addresses last.
const std::vector<Level>& levels();
const Level* find_level(const std::string& id);  // null: none

// A new episode's world, from integers drawn in MiniGrid's order.
void build(const Level& level, core::Pcg64& random, World& world);

}  // namespace envs::minigrid

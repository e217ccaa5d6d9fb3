// FrozenLake: cross the ice to the goal without falling into a hole; on slippery ice a step may go sideways.
// Rules, maps and draws as in Gymnasium's frozen_lake.py.
#pragma once

#include <string>
#include <vector>

#include "core/options.h"
#include "envs/grid.h"
#include "envs/tabular.h"

namespace envs {

struct FrozenLakeParams {
  std::string map_name = "4x4";
  GridMap map;  // empty: the one of map_name
  int64_t map_size = 8, map_seed = 0;
  double map_ice = 0.8;
  bool is_slippery = true;
  double success_rate = 1.0 / 3.0;
  std::vector<double> reward_schedule = {1, 0, 0};

  void fields(core::Fields& f) {
    f.choice("map_name", map_name, "One of the two shipped maps, or a random one", {"4x4", "8x8", "random"});
    f.add("map", map, "A map of one's own instead: equal rows of S start, F ice, H hole, G goal");
    f.add("map_size", map_size, "Random map: rows and columns", {.min = 2, .max = 1000, .unit = "cells"});
    f.add("map_ice", map_ice, "Random map: probability of ice instead of a hole",
          {.min = 0, .max = 1, .above = true});
    f.add("map_seed", map_seed, "Random map: seed, as of Gymnasium's generate_random_map", {.min = 0});
    f.add("is_slippery", is_slippery, "Whether a step may go to either side of the one intended");
    f.add("success_rate", success_rate, "On slippery ice: probability of the direction intended",
          {.min = 0, .max = 1});
    f.add("reward_schedule", reward_schedule, "Rewards for reaching goal, hole and ice");
  }
};

// The rows of the map, checked. Errors name row and column.
GridMap lake_map(const FrozenLakeParams& params);
// Gymnasium's P. States row * columns + column; actions 0 left, 1 down, 2 right, 3 up.
Transitions lake_transitions(const FrozenLakeParams& params);

class Lake {
 public:
  using Params = FrozenLakeParams;
  explicit Lake(const Params& params) : params_(params), map_(lake_map(params)) {}
  Transitions table() const { return lake_transitions(params_); }
  void draw(int64_t cell, core::Canvas& canvas) const;

 private:
  Params params_;
  GridMap map_;
};

template <class Math>
using FrozenLake = Tabular<Math, Lake>;

}  // namespace envs

// GridWorld: walk over a map of one's own, with walls, goals, pits, rewards for cells and steps that slip.
// After the worlds of Sutton & Barto (2018) and of Russell & Norvig (2010, figure 17.1), which are shipped.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/options.h"
#include "envs/grid.h"
#include "envs/tabular.h"

namespace envs {

struct GridWorldParams {
  std::string map_name = "textbook";
  GridMap map;  // empty: the one of map_name
  double slip = 0.2, step_reward = -0.04, goal_reward = 1, pit_reward = -1;
  std::vector<std::string> letter_rewards;

  void fields(core::Fields& f) {
    f.choice(
        "map_name", map_name,
        "A shipped map: a cliff and a maze of Sutton and Barto's, four rooms, or Russell and Norvig's 4 by "
        "3 world",
        {"cliff", "dyna_maze", "four_rooms", "textbook"});
    f.add(
        "map", map,
        "A map of one's own instead: equal rows, in quotes, of . floor, # wall, S start, G goal, P pit and a "
        ".. z floor with a reward of its own");
    f.add("slip", slip, "Probability of a step to the left or right of the one intended, half for each",
          {.min = 0, .max = 1});
    f.add("step_reward", step_reward, "Reward of every step");
    f.add("goal_reward", goal_reward, "Reward that reaching a goal, which ends the episode, adds to it");
    f.add("pit_reward", pit_reward, "Reward that falling into a pit, which ends the episode, adds to it");
    f.add("letter_rewards", letter_rewards,
          "What every step that ends on a letter's cells adds: [a -0.5, b 2]");
  }
};

// "cliff", "dyna_maze", "four_rooms" or "textbook".
const GridMap& shipped_map(const std::string& name);
// The rows of the map, checked. Errors name row and column.
GridMap grid_map(const GridWorldParams& params);
// The rewards of the letters, checked; each letter of the map must have one.
std::map<char, double> letter_rewards(const GridWorldParams& params);
// States row * columns + column, walls too, though nobody gets there; actions 0 left, 1 down, 2 right, 3 up.
Transitions grid_transitions(const GridWorldParams& params);

// The view, the floor, the walls and the frame around them.
void draw_ground(const GridMap& map, core::Canvas& canvas);
void draw_goal(core::Vec corner, core::Canvas& canvas);

class GridPlan {
 public:
  using Params = GridWorldParams;
  explicit GridPlan(const Params& params)
      : params_(params), map_(grid_map(params)), rewards_(letter_rewards(params)) {}
  Transitions table() const { return grid_transitions(params_); }
  void draw(int64_t cell, core::Canvas& canvas) const;

 private:
  void draw_cell(int64_t cell, core::Canvas& canvas) const;

  Params params_;
  GridMap map_;
  std::map<char, double> rewards_;
};

template <class Math>
using GridWorld = Tabular<Math, GridPlan>;

}  // namespace envs

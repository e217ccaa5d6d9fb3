#include "envs/gridworld/goalgridworld.h"

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

GridMap goal_map(const GoalGridWorldParams& params) {
  GridMap map = params.map.empty() ? shipped_map(params.map_name) : params.map;
  if (!params.map.empty()) check_map(map, "map", ".#", ". floor or # wall");
  for (std::string& row : map)
    for (char& cell : row) cell = cell == '#' ? '#' : '.';
  const size_t floor = floor_cells(map).size();
  core::check(floor >= 2, "map: expected at least 2 cells of floor, found {}", floor);
  return map;
}

// GridWorld's own, on a map without goals.
Transitions goal_walk(const GoalGridWorldParams& params) {
  GridMap map = goal_map(params);
  const auto first = size_t(floor_cells(map)[0]);
  map[first / map[0].size()][first % map[0].size()] = 'S';
  return grid_transitions({.map = map, .slip = params.slip, .step_reward = 0});
}

std::vector<int32_t> floor_cells(const GridMap& map) {
  std::vector<int32_t> cells;
  for (int64_t cell = 0; cell < Grid(map).cells(); ++cell)
    if (letter(map, cell) != '#') cells.push_back(int32_t(cell));
  return cells;
}

void draw_goal_world(const GridMap& map, int64_t cell, int64_t goal, core::Canvas& canvas) {
  const Grid grid(map);
  draw_ground(map, canvas);
  draw_goal(grid.corner(goal), canvas);
  scene::walker(canvas, grid.corner(cell));
}

}  // namespace envs

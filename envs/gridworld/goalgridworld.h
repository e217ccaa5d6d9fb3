// GoalGridWorld: walk to a cell that each episode draws anew. The goal form of GridWorld: observations have
// the parts and rewards the signs of Gymnasium-Robotics' goal environments, for learning in hindsight
// (Andrychowicz et al. 2017).
#pragma once

#include <string>
#include <vector>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/gridworld/gridworld.h"
#include "envs/precision.h"
#include "envs/transitions.h"

namespace envs {

struct GoalGridWorldParams {
  std::string map_name = "four_rooms";
  GridMap map;  // empty: the one of map_name
  double slip = 0;

  void fields(core::Fields& f) {
    f.choice("map_name", map_name, "A shipped map: Sutton and Barto's maze, or four rooms",
             {"dyna_maze", "four_rooms"});
    f.add("map", map,
          "A map of one's own instead: equal rows, in quotes, of # wall and . floor, two at least");
    f.add("slip", slip, "Probability of a step to the left or right of the one intended, half for each",
          {.min = 0, .max = 1});
  }
};

// Walls and floor alone; S and G of a shipped map are floor. Errors name row and column.
GridMap goal_map(const GoalGridWorldParams& params);
// Where steps lead, without rewards or an end. States and actions as grid_transitions'.
Transitions goal_walk(const GoalGridWorldParams& params);
// The cells of a map that are floor.
std::vector<int32_t> floor_cells(const GridMap& map);
void draw_goal_world(const GridMap& map, int64_t cell, int64_t goal, core::Canvas& canvas);

template <class Math>
class GoalGridWorld {
 public:
  using Random = typename Math::Random;
  using Params = GoalGridWorldParams;
  using Action = int32_t;
  struct State {
    int32_t cell, goal;
  };
  struct Obs {  // row and column of each
    float row, column, achieved_row, achieved_column, desired_row, desired_column;
  };

  explicit GoalGridWorld(const Params& params)
      : map_(goal_map(params)),
        columns_(int32_t(map_[0].size())),
        floor_(floor_cells(map_)),
        sampler_(goal_walk(params)) {}

  Spec spec() const {
    const Space place = Space::box({0, 0}, {float(map_.size() - 1), float(columns_ - 1)});
    return {.observation =
                Space::dict({{"observation", place}, {"achieved_goal", place}, {"desired_goal", place}}),
            .action = Space::discrete(4),
            .fps = 4};
  }

  State reset(Random& random) const {
    const int64_t n = int64_t(floor_.size()), cell = one_of(n, random), goal = one_of(n - 1, random);
    return {floor_[size_t(cell)], floor_[size_t(goal + (goal >= cell))]};  // another one
  }

  Outcome step(State& s, Action action, Random& random) const {
    sampler_.step(s.cell, action, random);
    const bool there = s.cell == s.goal;
    return {there ? 0.0f : -1.0f, there};
  }

  Obs observe(const State& s) const {
    const float row = float(s.cell / columns_), column = float(s.cell % columns_);
    return {row, column, row, column, float(s.goal / columns_), float(s.goal % columns_)};
  }
  bool is_sound(const State& s) const { return is_cell(s.cell) && is_cell(s.goal); }
  void draw(const State& s, core::Canvas& canvas) const { draw_goal_world(map_, s.cell, s.goal, canvas); }

 private:
  bool is_cell(int32_t cell) const { return cell >= 0 && cell < sampler_.states(); }
  static int64_t one_of(int64_t n, core::Pcg64& random) { return random.integers(0, n); }
  static int64_t one_of(int64_t n, core::Philox& random) { return int64_t(float(n) * random.random()); }

  GridMap map_;
  int32_t columns_;
  std::vector<int32_t> floor_;
  Sampler<Math> sampler_;
};

}  // namespace envs

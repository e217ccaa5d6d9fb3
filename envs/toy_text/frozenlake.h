// FrozenLake: cross the ice to the goal without falling into a hole; on slippery ice a step may go sideways.
// Rules, maps and draws as in Gymnasium's frozen_lake.py.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/precision.h"
#include "envs/transitions.h"

namespace envs {

struct FrozenLakeParams {
  std::string map_name = "4x4";
  std::vector<std::string> map;  // empty: the one of map_name
  bool is_slippery = true;
  double success_rate = 1.0 / 3.0;
  std::vector<double> reward_schedule = {1, 0, 0};

  void fields(core::Fields& f) {
    f.add("map_name", map_name, "Which of the two shipped maps", {.choices = {"4x4", "8x8"}});
    f.add("map", map, "A map of one's own instead: equal rows of S start, F ice, H hole, G goal");
    f.add("is_slippery", is_slippery, "Whether a step may go to either side of the one intended");
    f.add("success_rate", success_rate, "On slippery ice: probability of the direction intended",
          {.min = 0, .max = 1});
    f.add("reward_schedule", reward_schedule, "Rewards for reaching goal, hole and ice");
  }
};

// The rows of the map, checked. Errors name row and column.
std::vector<std::string> lake_map(const FrozenLakeParams& params);
// Gymnasium's P. States row * columns + column; actions 0 left, 1 down, 2 right, 3 up.
Transitions lake_transitions(const FrozenLakeParams& params);
void draw_lake(const std::vector<std::string>& map, int64_t cell, core::Canvas& canvas);

template <class Math>
class FrozenLake {
 public:
  using Random = typename Math::Random;
  using Params = FrozenLakeParams;
  using Action = int32_t;
  struct State {
    int32_t cell;
  };
  using Obs = State;

  explicit FrozenLake(const Params& params) : map_(lake_map(params)), sampler_(lake_transitions(params)) {}

  Spec spec() const {
    return {.observation = Space::discrete(int64_t(map_.size() * map_[0].size()), Dtype::int32),
            .action = Space::discrete(4),
            .fps = 4};
  }
  State reset(Random& random) const { return {sampler_.start(random)}; }
  Outcome step(State& s, Action action, Random& random) const {
    return sampler_.step(s.cell, action, random);
  }
  Obs observe(const State& s) const { return s; }
  void draw(const State& s, core::Canvas& canvas) const { draw_lake(map_, s.cell, canvas); }

 private:
  std::vector<std::string> map_;
  Sampler<Math> sampler_;
};

}  // namespace envs

// WindyGridWorld: cross a grid in whose middle wind carries upwards. Sutton & Barto (2018), example 6.5, with
// king's moves (exercise 6.9) and wind that varies (6.10).
#pragma once

#include "core/options.h"
#include "envs/tabular.h"

namespace envs {

struct WindyGridWorldParams {
  bool king_moves = false, stochastic_wind = false;

  void fields(core::Fields& f) {
    f.add("king_moves", king_moves, "Whether one may also move diagonally, as a king does");
    f.add("stochastic_wind", stochastic_wind,
          "Whether wind, where there is any, is one cell more or less than usual, 1 in 3 each");
  }
};

// States row * 10 + column, 7 rows; actions 0 left, 1 down, 2 right, 3 up, 4 down left, 5 down right, 6 up
// right, 7 up left. The wind is that of the column that is left, and the border holds.
Transitions windy_transitions(const WindyGridWorldParams& params);

class WindyPlan {
 public:
  using Params = WindyGridWorldParams;
  explicit WindyPlan(const Params& params) : params_(params) {}
  Transitions table() const { return windy_transitions(params_); }
  void draw(int64_t cell, core::Canvas& canvas) const;

 private:
  Params params_;
};

template <class Math>
using WindyGridWorld = Tabular<Math, WindyPlan>;

}  // namespace envs

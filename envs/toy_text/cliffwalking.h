// CliffWalking: walk along a cliff to the goal; a fall costs 100 and leads back to the start. Sutton & Barto
// (2018), example 6.6; slippery steps and draws as in Gymnasium's cliffwalking.py.
#pragma once

#include "core/options.h"
#include "envs/grid.h"
#include "envs/tabular.h"

namespace envs {

struct CliffWalkingParams {
  bool is_slippery = false;

  void fields(core::Fields& f) {
    f.add("is_slippery", is_slippery, "Whether a step goes to either side of the one intended, 1 in 3 each");
  }
};

// Gymnasium's P. States row * 12 + column, 4 rows; actions 0 up, 1 right, 2 down, 3 left.
Transitions cliff_transitions(const CliffWalkingParams& params);

class Cliff {
 public:
  using Params = CliffWalkingParams;
  explicit Cliff(const Params& params) : params_(params) {}
  Transitions table() const { return cliff_transitions(params_); }
  void draw(int64_t cell, core::Canvas& canvas) const;

 private:
  Params params_;
};

template <class Math>
using CliffWalking = Tabular<Math, Cliff>;

}  // namespace envs

// RiverSwim: swim up a river whose current carries back; a small reward lies downstream, the large one
// upstream. Strehl & Littman (2008), "An analysis of model-based interval estimation for Markov decision
// processes".
#pragma once

#include "core/options.h"
#include "envs/tabular.h"

namespace envs {

struct RiverSwimParams {
  int64_t length = 6;
  double small_reward = 5, large_reward = 10000;

  void fields(core::Fields& f) {
    f.add("length", length, "How long the river is", {.min = 3, .max = 1e4, .unit = "states"});
    f.add("small_reward", small_reward, "Reward of drifting in the first state");
    f.add("large_reward", large_reward, "Reward of holding one's place in the last one");
  }
};

// States 0 .. length - 1, begun in 1 or 2; actions 0 left, with the current, and 1 right, against it.
Transitions river_transitions(const RiverSwimParams& params);

class River {
 public:
  using Params = RiverSwimParams;
  explicit River(const Params& params) : params_(params) {}
  Transitions table() const { return river_transitions(params_); }
  void draw(int64_t state, core::Canvas& canvas) const;

 private:
  Params params_;
};

template <class Math>
using RiverSwim = Tabular<Math, River>;

}  // namespace envs

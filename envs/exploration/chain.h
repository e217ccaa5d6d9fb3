// Chain: states in a row; a small reward lies beside the start, the large one at the far end. Osband,
// Blundell, Pritzel & Van Roy (2016), "Deep exploration via bootstrapped DQN".
#pragma once

#include "core/options.h"
#include "envs/tabular.h"

namespace envs {

struct ChainParams {
  int64_t length = 10;
  double near_reward = 0.001, far_reward = 1;

  void fields(core::Fields& f) {
    f.add("length", length, "N: how many there are; episodes last N + 9 steps",
          {.min = 3, .max = 1e4, .unit = "states"});
    f.add("near_reward", near_reward, "Reward of a step that ends in the first state");
    f.add("far_reward", far_reward, "Reward of a step that ends in the last one");
  }
};

// States 0 .. N - 1, the second one first; actions 0 left, 1 right; the ends hold.
Transitions chain_transitions(const ChainParams& params);

class ChainPlan {
 public:
  using Params = ChainParams;
  explicit ChainPlan(const Params& params) : params_(params) {}
  Transitions table() const { return chain_transitions(params_); }
  int64_t time_limit() const { return params_.length + 9; }
  void draw(int64_t state, core::Canvas& canvas) const;

 private:
  Params params_;
};

template <class Math>
using Chain = Tabular<Math, ChainPlan>;

}  // namespace envs

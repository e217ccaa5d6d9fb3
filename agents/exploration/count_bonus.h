// MBIE-EB (Strehl & Littman 2008, equation 3): moves are chosen by the values of the world as it was met so
// far, Q~(s, a) = r(s, a) + gamma sum_s' p(s'|s, a) max_a' Q~(s', a') + beta / sqrt(n(s, a)), where a move
// that was never tried is worth beta / (1 - gamma), as if it paid beta for ever. Beside it stand the values
// without bonus, which the greedy policy follows.
#pragma once

#include <vector>

#include "agents/tabular/tabular_agent.h"
#include "agents/tabular/world_model.h"

namespace agents {

struct CountBonusOptions {
  double bonus = 1;
  int64_t sweeps = 100;

  void fields(core::Fields& own);
};

class CountBonusRule {
 public:
  static constexpr const char
      *agent = "count_bonus",
      *title = "The count bonus; learning_rate and visit_power change nothing, for it plans";
  static constexpr size_t tables = 1;
  static TabularOptions defaults() { return {.exploration = {.start = 0, .end = 0}}; }
  using Options = CountBonusOptions;

  CountBonusRule(TabularPlay& play, const Options& options, training::Build& build);

  void learn_one(training::Step& step);

 private:
  double* optimistic(int64_t state) { return optimistic_.data() + state * play_.actions(); }
  // One pass over all pairs that were met, the latest first; returns the largest change of an optimistic
  // value.
  double sweep();
  void plan();

  TabularPlay& play_;
  CountBonusOptions options_;
  WorldModel model_;
  std::vector<double> optimistic_;  // [S, A]
};

using CountBonus = TabularAgent<CountBonusRule>;

}  // namespace agents

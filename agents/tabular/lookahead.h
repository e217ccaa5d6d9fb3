// The loop of n-step methods: each move is learned n moves later, or as soon as the episode is over, from
// what was gained since and what is expected then (Sutton & Barto 2018, sections 7.2 and 7.5).
#pragma once

#include "agents/tabular/trail.h"

namespace agents {

struct LookaheadOptions {
  int64_t n = 4;

  void fields(core::Fields& own) {
    own.add("n", n, "Moves after which one is learned, from their rewards and the value then",
            {.min = 1, .max = 1e6, .unit = "transitions"});
  }
};

// After a move was added to the trail, whose last state is worth `tail`: learns every move that is due.
template <class Backup>
void learn_due(TabularPlay& play, Trail& trail, bool ended, double tail, Backup&& backup) {
  if (!ended && !trail.full()) return;
  const auto& returns = trail.returns(tail, backup);
  const int64_t due = ended ? trail.size() : 1;
  for (int64_t k = 0; k < due; ++k)
    play.learn(trail[k].state, trail[k].action, returns[static_cast<size_t>(k)]);
  if (ended)
    trail.clear();
  else
    trail.drop_oldest();
}

}  // namespace agents

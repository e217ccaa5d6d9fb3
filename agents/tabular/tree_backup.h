// n-step tree backup (Precup, Sutton & Singh 2000; Sutton & Barto 2018, equation 7.16): a tree of what the
// policy pi would have done on the way, G_k = r + gamma (sum_{a != a_k+1} pi(a|s) Q(s, a) + pi(a_k+1|s)
// G_k+1).
#pragma once

#include "agents/tabular/lookahead.h"
#include "agents/tabular/tabular_agent.h"

namespace agents {

struct TreeBackupRule {
  static constexpr const char *agent = "tree_backup", *title = "Tree backup's own options";
  static constexpr size_t tables = 1;
  using Options = LookaheadOptions;

  TreeBackupRule(TabularPlay& play, const Options& options, training::Build& build)
      : play_(play), trail_(play, options.n, build) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = play_.play(play_.choose(), step);
    trail_.add(m, play_.next_mask());
    const double tail = m.terminated ? 0 : play_.expected_value(m.next, play_.next_mask());
    learn_due(play_, trail_, m.ended, tail, [&](int64_t k, double gained) {
      return trail_[k].reward + play_.gamma() * (k + 1 < trail_.size() ? corrected(k, gained) : gained);
    });
  }

 private:
  // What the state after move k is worth, of whose actions one was taken, and has gained that much.
  double corrected(int64_t k, double gained) {
    const auto [state, action, reward] = trail_[k + 1];
    const MaskRow mask = trail_.mask_after(k);
    return play_.expected_value(state, mask) +
           play_.probability(state, action, mask) * (gained - play_.q().at(state, action));
  }

  TabularPlay& play_;
  Trail trail_;
};

using TreeBackup = TabularAgent<TreeBackupRule>;

}  // namespace agents

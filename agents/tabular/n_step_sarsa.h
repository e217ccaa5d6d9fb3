// n-step SARSA (Sutton & Barto 2018, equations 7.4 and 7.5):
// Q(s_t, a_t) += alpha (r_t+1 + ... + gamma^n-1 r_t+n + gamma^n Q(s_t+n, a_t+n) - Q(s_t, a_t)).
#pragma once

#include "agents/tabular/lookahead.h"
#include "agents/tabular/next_action.h"
#include "agents/tabular/tabular_agent.h"

namespace agents {

struct NStepSarsaRule {
  static constexpr const char *agent = "n_step_sarsa", *title = "n-step SARSA's own options";
  static constexpr size_t tables = 1;
  using Options = LookaheadOptions;

  NStepSarsaRule(TabularPlay& play, const Options& options, training::Build& build)
      : play_(play), next_action_(play, build), trail_(play, options.n, build) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = next_action_.play(step);
    trail_.add(m, play_.next_mask());
    learn_due(play_, trail_, m.ended, next_action_.value_after(m),
              [&](int64_t k, double gained) { return trail_[k].reward + play_.gamma() * gained; });
  }

 private:
  TabularPlay& play_;
  NextAction next_action_;
  Trail trail_;
};

using NStepSarsa = TabularAgent<NStepSarsaRule>;

}  // namespace agents

// SARSA (Rummery & Niranjan 1994; Sutton & Barto 2018, equation 6.7):
// Q(s, a) += alpha (r + gamma Q(s', a') - Q(s, a)), a' what is done in s'.
#pragma once

#include "agents/tabular/next_action.h"
#include "agents/tabular/tabular_agent.h"

namespace agents {

struct SarsaRule {
  static constexpr const char *agent = "sarsa", *title = "SARSA's own options";
  static constexpr size_t tables = 1;
  using Options = NoOptions;

  SarsaRule(TabularPlay& play, const Options&, training::Build& build)
      : play_(play), next_action_(play, build) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = next_action_.play(step);
    play_.learn(m.state, m.action, play_.target(m, next_action_.value_after(m)));
  }

 private:
  TabularPlay& play_;
  NextAction next_action_;
};

using Sarsa = TabularAgent<SarsaRule>;

}  // namespace agents

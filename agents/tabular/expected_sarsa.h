// Expected SARSA (van Seijen et al. 2009; Sutton & Barto 2018, equation 6.9):
// Q(s, a) += alpha (r + gamma sum_a' pi(a'|s') Q(s', a') - Q(s, a)), pi the epsilon-greedy policy in force.
#pragma once

#include "agents/tabular/tabular_agent.h"

namespace agents {

struct ExpectedSarsaRule {
  static constexpr const char *agent = "expected_sarsa", *title = "Expected SARSA's own options";
  static constexpr size_t tables = 1;
  using Options = NoOptions;

  ExpectedSarsaRule(TabularPlay& play, const Options&, training::Build&) : play_(play) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = play_.play(play_.choose(), step);
    const double ahead = m.terminated ? 0 : play_.expected_value(m.next, play_.next_mask());
    play_.learn(m.state, m.action, play_.target(m, ahead));
  }

 private:
  TabularPlay& play_;
};

using ExpectedSarsa = TabularAgent<ExpectedSarsaRule>;

}  // namespace agents

// Q-learning (Watkins & Dayan 1992; Sutton & Barto 2018, equation 6.8):
// Q(s, a) += alpha (r + gamma max_a' Q(s', a') - Q(s, a)).
#pragma once

#include "agents/tabular/tabular_agent.h"

namespace agents {

struct QLearningRule {
  static constexpr const char *agent = "q_learning", *title = "Q-learning's own options";
  static constexpr size_t tables = 1;
  using Options = NoOptions;

  QLearningRule(TabularPlay& play, const Options&, training::Build&) : play_(play) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = play_.play(play_.choose(), step);
    const ActionValues& q = play_.q();
    const double ahead = m.terminated ? 0 : q.at(m.next, q.best(m.next, play_.next_mask()));
    play_.learn(m.state, m.action, play_.target(m, ahead));
  }

 private:
  TabularPlay& play_;
};

using QLearning = TabularAgent<QLearningRule>;

}  // namespace agents

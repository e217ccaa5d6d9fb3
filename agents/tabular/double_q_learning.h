// Double Q-learning (van Hasselt 2010; Sutton & Barto 2018, equation 6.10): of two tables, a coin says which
// learns, Q_1(s, a) += alpha (r + gamma Q_2(s', argmax_a' Q_1(s', a')) - Q_1(s, a)) or the other way round.
#pragma once

#include "agents/tabular/tabular_agent.h"

namespace agents {

struct DoubleQLearningRule {
  static constexpr const char *agent = "double_q_learning", *title = "Double Q-learning's own options";
  static constexpr size_t tables = 2;
  using Options = NoOptions;

  DoubleQLearningRule(TabularPlay& play, const Options&, training::Build&) : play_(play) {}

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = play_.play(play_.choose(), step);
    const size_t learns = play_.random().random() < 0.5 ? 0 : 1;
    const ActionValues &q = play_.q(learns), &other = play_.q(1 - learns);
    const double ahead = m.terminated ? 0 : other.at(m.next, q.best(m.next, play_.next_mask()));
    play_.learn(m.state, m.action, play_.target(m, ahead), learns);
  }

 private:
  TabularPlay& play_;
};

using DoubleQLearning = TabularAgent<DoubleQLearningRule>;

}  // namespace agents

// Monte Carlo control, on-policy and epsilon-soft (Sutton & Barto 2018, section 5.4): when an episode is
// over, Q(s, a) of each pair moves towards what was gained from its first visit on, or from each. Of an
// episode that time has cut, what went on unseen counts as Q of the action that would have come next.
#pragma once

#include "agents/tabular/next_action.h"
#include "agents/tabular/tabular_agent.h"
#include "agents/tabular/trail.h"

namespace agents {

struct MonteCarloRule {
  static constexpr const char *agent = "monte_carlo", *title = "Monte Carlo control's own options";
  static constexpr size_t tables = 1;
  struct Options {
    std::string visits = "first";

    void fields(core::Fields& own);
  };

  MonteCarloRule(TabularPlay& play, const Options& options, training::Build& build);

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = next_action_.play(step);
    trail_.add(m, play_.next_mask());
    const double tail = next_action_.value_after(m);
    if (m.ended) learn(tail);
  }

 private:
  void learn(double tail);
  bool counts(const Trail::Visit& visit);

  TabularPlay& play_;
  NextAction next_action_;
  Trail trail_;
  bool first_only_;
  std::vector<int64_t> seen_in_;  // [S, A] the episode in which a pair was visited last
  int64_t episode_ = 0;
};

using MonteCarlo = TabularAgent<MonteCarloRule>;

}  // namespace agents

// The action that is chosen as soon as a state is reached, since what is learned there asks what comes next
// (Sutton & Barto 2018, section 6.4), and then taken.
#pragma once

#include "agents/tabular/tabular_play.h"

namespace agents {

class NextAction {
 public:
  NextAction(TabularPlay& play, training::Build& build) : play_(play) {
    build.state("next_action", [this](core::Archive& archive) {
      archive.within("chosen", chosen_, none, play_.actions() - 1);
    });
  }

  // Plays what was chosen, or, where an episode begins, is chosen now.
  TabularPlay::Move play(training::Step& step) {
    return play_.play(chosen_ == none ? play_.choose() : chosen_, step);
  }
  // Chooses a' in the state that the move led to; Q(s', a'), 0 where the task has ended.
  double value_after(const TabularPlay::Move& move) {
    chosen_ = none;
    if (move.terminated) return 0;
    const int64_t action = play_.choose(move.next, play_.next_mask());
    if (!move.ended) chosen_ = action;
    return play_.q().at(move.next, action);
  }

 private:
  static constexpr int64_t none = -1;

  TabularPlay& play_;
  int64_t chosen_ = none;
};

}  // namespace agents

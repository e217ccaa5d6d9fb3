// Dyna-Q (Sutton 1990; Sutton & Barto 2018, section 8.2): Q-learning from what is played, and between two
// moves from what a model of the world that was met so far remembers.
#pragma once

#include "agents/tabular/tabular_agent.h"
#include "agents/tabular/world_model.h"

namespace agents {

struct DynaQRule {
  static constexpr const char *agent = "dyna_q", *title = "Dyna-Q's own options";
  static constexpr size_t tables = 1;
  struct Options {
    int64_t planning_steps = 10;

    void fields(core::Fields& own) {
      own.add("planning_steps", planning_steps, "Moves learned from the model after each one that is played",
              {.min = 0, .max = 1e6, .unit = "transitions"});
    }
  };

  DynaQRule(TabularPlay& play, const Options& options, training::Build& build)
      : play_(play),
        planning_steps_(options.planning_steps),
        model_(play.states(), play.actions(), play.masked()) {
    build.state("model", [this](core::Archive& archive) { model_.state(archive); });
  }

  void learn_one(training::Step& step) {
    const TabularPlay::Move m = play_.play(play_.choose(), step);
    const MaskRow next_mask = play_.next_mask();
    learn(m, next_mask);
    model_.observe({m.state, m.action}, m.next, m.reward, m.terminated, next_mask);
    for (int64_t k = 0; k < planning_steps_; ++k) plan();
  }

 private:
  void learn(const TabularPlay::Move& m, MaskRow next_mask) {
    const ActionValues& q = play_.q();
    const double ahead = m.terminated ? 0 : q.at(m.next, q.best(m.next, next_mask));
    play_.learn(m.state, m.action, play_.target(m, ahead));
  }
  void plan() {
    const auto [state, action] = model_.draw_pair(play_.random());
    const WorldModel::Arrival& to = model_.draw_arrival({state, action}, play_.random());
    learn({state, action, to.reward, to.terminated != 0, false, to.next}, model_.mask(to.next));
  }

  TabularPlay& play_;
  int64_t planning_steps_;
  WorldModel model_;
};

using DynaQ = TabularAgent<DynaQRule>;

}  // namespace agents

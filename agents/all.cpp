#include "agents/all.h"

#include "agents/reinforce.h"

namespace agents {

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table(
      "agent", {
                   {.name = "reinforce",
                    .sentence = "Policy gradient from whole episodes, with a choice of baselines",
                    .source = "Williams 1992, Simple statistical gradient-following algorithms for "
                              "connectionist reinforcement learning",
                    .updates = {"policy", "value"},
                    .trial = "{agent: reinforce, env: {id: CartPole-v1, max_episode_steps: 50}, reinforce: "
                             "{episodes_per_update: 4, "
                             "baseline: value}, train: {steps: 8}, eval: {episodes: 3}}",
                    .blueprint = training::blueprint<Reinforce>},
               });
  return table;
}

}  // namespace agents

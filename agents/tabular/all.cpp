// Values in a table: of states and actions that can be counted. A row for each learner, in alphabetical
// order.
#include "agents/families.h"
#include "agents/tabular/q_learning.h"
#include "agents/tabular/value_iteration.h"

namespace agents {

std::vector<training::Entry> tabular() {
  return {
      {.name = "q_learning",
       .sentence = "A table of action values, learned from every transition that is played",
       .source = "Watkins & Dayan 1992, Q-learning",
       .trial = "{agent: q_learning, env: FrozenLake-v1, q_learning: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<QLearning>},
      {.name = "value_iteration",
       .sentence = "The best values of a known table of transitions, sweep by sweep",
       .source = "Bellman 1957, Dynamic programming",
       .trial = "{agent: value_iteration, env: FrozenLake-v1, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<ValueIteration>},
  };
}

}  // namespace agents

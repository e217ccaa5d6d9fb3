// Agents that seek what they have not met. A row for each learner, in alphabetical order.
#include "agents/exploration/count_bonus.h"
#include "agents/families.h"

namespace agents {

std::vector<training::Entry> exploration() {
  return {
      {.name = "count_bonus",
       .sentence =
           "Plans with a model of what it has met, in which the less is paid the more often a move was tried",
       .source = "Strehl & Littman 2008, An analysis of model-based interval estimation for Markov decision "
                 "processes",
       .trial = "{agent: count_bonus, env: {id: Chain-v0, length: 6}, count_bonus: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<CountBonus>},
  };
}

}  // namespace agents

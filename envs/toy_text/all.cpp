// Gymnasium's toy text: a row for each id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/toy_text/frozenlake.h"

namespace envs {

std::vector<Entry> toy_text() {
  return {
      batched<FrozenLake>(
          {"FrozenLake-v1", "Cross slippery ice, 4 by 4 cells, to the goal without falling into a hole",
           "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 100, 0.70},
          {}, lake_transitions),
      batched<FrozenLake>(
          {"FrozenLake8x8-v1", "Cross slippery ice, 8 by 8 cells, to the goal without falling into a hole",
           "https://gymnasium.farama.org/environments/toy_text/frozen_lake", 200, 0.85},
          {.map_name = "8x8"}, lake_transitions),
  };
}

}  // namespace envs

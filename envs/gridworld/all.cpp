// A world of our own: a row for its id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/gridworld/gridworld.h"

namespace envs {

std::vector<Entry> gridworld() {
  return {
      batched<GridWorld>(
          {"GridWorld-v0", "Walk over a map of walls, pits and rewards to a goal",
           "Sutton & Barto (2018), Reinforcement Learning; Russell & Norvig (2010), chapter 17", 200},
          {}, grid_transitions),
  };
}

}  // namespace envs

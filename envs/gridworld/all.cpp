// A world of our own: a row for its id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/gridworld/gridworld.h"

namespace envs {

static constexpr EnvDescription grid_description{
    .observation = "the cell, row x columns + column",
    .action =
        "0 left, 1 down, 2 right, 3 up; walls stop a step, and with `slip` it goes to the left or right of "
        "it",
    .reward = "`step_reward`, and what the cell adds that is reached: a goal, a pit or a letter",
    .end = "a goal is reached, or a pit",
    .action_names = {"left", "down", "right", "up"}};

std::vector<Entry> gridworld() {
  return {
      batched<GridWorld>(
          {"GridWorld-v0",
           "Walk over a map of walls, pits and rewards to a goal",
           "Sutton & Barto (2018), Reinforcement Learning; Russell & Norvig (2010), chapter 17",
           200,
           std::nullopt,
           {},
           grid_description},
          {}, grid_transitions),
  };
}

}  // namespace envs

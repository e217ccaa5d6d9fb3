// Worlds of cells, of our own and of textbooks: a row for each id.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/gridworld/goalgridworld.h"
#include "envs/gridworld/gridworld.h"
#include "envs/gridworld/windygridworld.h"

namespace envs {

static constexpr EnvDescription goal_description{
    .observation =
        "row and column of the cell; the same again as `achieved_goal`; those of the goal as "
        "`desired_goal`. Both are drawn from the floor as the episode begins",
    .action =
        "0 left, 1 down, 2 right, 3 up; walls stop a step, and with `slip` it goes to the left or "
        "right of it",
    .reward = "-1 a step, 0 for the one that reaches the goal",
    .end = "the goal is reached",
    .action_names = {"left", "down", "right", "up"},
    .observation_names = {"row", "column", "achieved row", "achieved column", "desired row",
                          "desired column"}};

static constexpr EnvDescription grid_description{
    .observation = "the cell, row x columns + column",
    .action =
        "0 left, 1 down, 2 right, 3 up; walls stop a step, and with `slip` it goes to the left or right of "
        "it",
    .reward = "`step_reward`, and what the cell adds that is reached: a goal, a pit or a letter",
    .end = "a goal is reached, or a pit",
    .action_names = {"left", "down", "right", "up"}};

static constexpr EnvDescription windy_description{
    .observation = "the cell, row x 10 + column",
    .action =
        "0 left, 1 down, 2 right, 3 up; with `king_moves` also 4 down left, 5 down right, 6 up right, 7 "
        "up left. The wind of the column that is left adds 0 to 2 cells upwards, and the border holds",
    .reward = "-1 a step; the best return is -15, with `king_moves` -7",
    .end = "the goal is reached",
    .action_names = {"left", "down", "right", "up", "down-left", "down-right", "up-right", "up-left"}};

std::vector<Entry> gridworld() {
  return {
      batched<GoalGridWorld>({.id = "GoalGridWorld-v0",
                              .sentence = "Walk to a cell that each episode draws anew",
                              .source = "https://robotics.farama.org/content/multi-goal_api",
                              .max_episode_steps = 100,
                              .description = goal_description}),
      batched<GridWorld>(
          {"GridWorld-v0",
           "Walk over a map of walls, pits and rewards to a goal",
           "Sutton & Barto (2018), Reinforcement Learning; Russell & Norvig (2010), chapter 17",
           200,
           std::nullopt,
           {},
           grid_description},
          {}, grid_transitions),
      batched<WindyGridWorld>({.id = "WindyGridWorld-v0",
                               .sentence = "Cross a grid in whose middle wind carries upwards",
                               .source = "Sutton & Barto (2018), Reinforcement Learning, example 6.5",
                               .max_episode_steps = 500,
                               .description = windy_description},
                              {}, windy_transitions),
  };
}

}  // namespace envs

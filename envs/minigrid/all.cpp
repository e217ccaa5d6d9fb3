// MiniGrid: a row for each level.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/minigrid/minigrid.h"

namespace envs {

static EnvDescription description(const minigrid::Level& level) {
  EnvDescription description{
      .observation =
          "`image`: the 7 x 7 cells ahead, the agent in the middle of the near row, each as "
          "(object, colour, state), without what walls and closed doors hide (nothing in the Empty rooms); "
          "the "
          "`direction` in which it looks; the `mission`. The option `view` offers other forms",
      .action = "turn left or right, walk ahead, pick up a key, drop it, open or close a door, nothing",
      .reward = "1 - 0.9 x steps / time limit at the goal, else 0",
      .end = "the goal is reached",
      .action_names = {"left", "right", "up: forward", "pick up", "drop", "toggle", "done"}};
  if (level.obstacle == minigrid::lava) description.end = "the goal is reached, or lava";
  if (level.opens_door) {
    description.reward = "1 - 0.9 x steps / time limit for opening the door, else 0";
    description.end = "the door opens";
  }
  return description;
}

std::vector<Entry> minigrid_levels() {
  std::vector<Entry> rows;
  for (const minigrid::Level& level : minigrid::levels()) {
    const std::string source = "https://minigrid.farama.org/environments/minigrid/" + level.page;
    const Registration row{.id = level.id.c_str(),
                           .sentence = level.sentence.c_str(),
                           .source = source.c_str(),
                           .max_episode_steps = level.limit,
                           .description = description(level)};
    rows.push_back(objects<MiniGrid>(row, {.level = &level}));
  }
  return rows;
}

}  // namespace envs

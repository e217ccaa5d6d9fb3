// MiniGrid: a row for each level.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/minigrid/minigrid.h"

namespace envs {

static constexpr const char* seen =
    "`image`: the 7 x 7 cells ahead, the agent in the middle of the near row, each as (object, colour, "
    "state), "
    "without what walls and closed doors hide; the `direction` in which it looks; the `mission`. The option "
    "`view` offers other forms";
static constexpr const char* done =
    "turn left or right, walk ahead, pick up a key, drop it, open or close a "
    "door, nothing";

static Facts facts(const minigrid::Level& level) {
  if (level.opens_door)
    return {seen, done, "1 - 0.9 x steps / time limit for opening the door, else 0", "the door opens"};
  const char* reward = "1 - 0.9 x steps / time limit at the goal, else 0";
  if (level.obstacle == minigrid::lava) return {seen, done, reward, "the goal is reached, or lava"};
  return {seen, done, reward, "the goal is reached"};
}

std::vector<Entry> minigrid_levels() {
  std::vector<Entry> rows;
  for (const minigrid::Level& level : minigrid::levels()) {
    const Row row{.id = level.id,
                  .sentence = level.sentence,
                  .source = "https://minigrid.farama.org/environments/minigrid/" + level.page,
                  .max_episode_steps = level.limit,
                  .facts = facts(level)};
    rows.push_back(objects<MiniGrid>(row, {.level = &level}));
  }
  return rows;
}

}  // namespace envs

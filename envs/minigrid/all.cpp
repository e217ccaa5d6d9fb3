// MiniGrid: a row for each level.
#include "envs/entry.h"
#include "envs/families.h"
#include "envs/minigrid/minigrid.h"

namespace envs {

namespace {

using minigrid::Level, minigrid::Task;

std::string seen(bool through_walls, bool words) {
  return std::string(
             "`image`: the 7 x 7 cells ahead, the agent in the middle of the near row, each as "
             "(object, colour, state), ") +
         (through_walls ? "walls hiding nothing" : "without what walls and closed doors hide") +
         "; the `direction` in which it looks; " +
         (words
              ? "the `mission`, word by word, each its number in [the "
                "vocabulary](#the-words-of-minigrids-missions), 0 behind the last. The option `view` offers "
                "other forms, without the mission"
              : "the `mission`. The option `view` offers other forms");
}

const char* observation_of(const Level& level) {
  static const std::string sentences[2][2] = {{seen(false, false), seen(false, true)},
                                              {seen(true, false), seen(true, true)}};
  return sentences[level.see_through_walls][level.mission.varies()].c_str();
}

struct Ending {
  const char *reward, *end;
};

Ending ending_of(const Level& level) {
  switch (level.task) {
    case Task::open_door:
      return {"1 - 0.9 x steps / time limit for opening the door, else 0", "the door opens"};
    case Task::pick_up:
      return {"1 - 0.9 x steps / time limit for picking up what the mission names, else 0",
              "it is picked up"};
    case Task::fetch:
      return {"1 - 0.9 x steps / time limit for picking up a thing such as the mission names, else 0",
              "a thing is picked up, the right one or not"};
    case Task::go_beside:
      return {"1 - 0.9 x steps / time limit for \"done\" beside what the mission names, else 0",
              "\"done\", anywhere, or \"toggle\""};
    case Task::put_near:
      return {
          "1 - 0.9 x steps / time limit for dropping the one thing within a cell of where the other lay, "
          "diagonally too, else 0",
          "what was carried is dropped, or another thing is picked up"};
    case Task::match:
      return {"1 - 0.9 x steps / time limit for standing before the thing that is like the first, else 0",
              "the agent stands before either"};
    case Task::red_then_blue:
      return {"1 - 0.9 x steps / time limit for opening the blue door while the red one is open, else 0",
              "the blue door opens"};
    case Task::dodge:
      return {"1 - 0.9 x steps / time limit at the goal; -1 for a step towards a ball or a wall; else 0",
              "the goal is reached, or a step was towards a ball or a wall"};
    default:
      break;
  }
  if (level.mission.text({}).empty()) return {"none: always 0", "only the time limit"};
  return {"1 - 0.9 x steps / time limit at the goal, else 0",
          level.obstacle == minigrid::lava ? "the goal is reached, or lava" : "the goal is reached"};
}

EnvDescription description_of(const Level& level) {
  EnvDescription description{
      .observation = observation_of(level),
      .action =
          "turn left or right, walk ahead, pick up a key, a ball or a box, drop it, open or close a "
          "door or open a box, nothing",
      .reward = ending_of(level).reward,
      .end = ending_of(level).end,
      .action_names = {"left", "right", "up: forward", "pick up", "drop", "toggle", "done"}};
  if (level.task == Task::dodge) {
    description.action = "turn left or right, walk ahead";
    description.action_names = {"left", "right", "up: forward"};
  }
  return description;
}

}  // namespace

std::vector<Entry> minigrid_levels() {
  std::vector<Entry> rows;
  for (const Level& level : minigrid::levels()) {
    const std::string source = "https://minigrid.farama.org/environments/minigrid/" + level.page;
    const Registration row{.id = level.id.c_str(),
                           .sentence = level.sentence.c_str(),
                           .source = source.c_str(),
                           .max_episode_steps = level.limit,
                           .description = description_of(level)};
    rows.push_back(objects<MiniGrid>(row, {.level = &level}));
  }
  return rows;
}

}  // namespace envs

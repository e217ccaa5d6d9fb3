// What a person must know to learn in an environment, in words.
#pragma once

#include <array>

namespace envs {

// Markdown, for docs/environments.md; phrases without a full stop.
// A mean over 10,000 episodes, and half of its 95 % interval: 0 where nothing was measured.
struct MeanReturn {
  double value = 0, interval = 0;
};

struct EnvDescription {
  const char *observation = "", *action = "", *reward = "", *end = "";
  const char* rules = "";  // of a game of our own: whole sentences, where nobody else has written them down
  MeanReturn random_return = {}, heuristic_return = {};  // `atelier test returns` measures them again
  // What each discrete action is called where there is little room, in order; null from where there are none.
  // One that begins with left, right, up or down is also taken by that arrow key, and "nothing" is done while
  // no key is held.
  std::array<const char*, 10> action_names{};
  // What each number of a short observation is called, likewise.
  std::array<const char*, 8> observation_names{};
};

}  // namespace envs

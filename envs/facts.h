// What a person must know to learn in an environment, in words.
#pragma once

namespace envs {

// Markdown, for docs/environments.md; phrases without a full stop.
struct Facts {
  const char *observation = "", *action = "", *reward = "", *end = "";
};

}  // namespace envs

#include "agents/replay_options.h"

namespace agents {

void ReplayOptions::fields(core::Fields& own) {
  own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
  own.add("num_envs", num_envs, "Environments side by side",
          {.min = 1, .max = 65536, .unit = "environments"});
  own.add("train_every", train_every,
          "Transitions between updates, rounded up to whole rounds of all environments",
          {.min = 1, .max = 1e6, .unit = "transitions"});
  own.add("gradient_steps", gradient_steps, "Updates in a row each time",
          {.min = 1, .max = 1e6, .unit = "updates"});
  own.add("batch_size", batch_size, "Transitions behind each update",
          {.min = 1, .max = 1e6, .unit = "transitions"});
  own.add("buffer_size", buffer_size, "Newest transitions that the replay holds",
          {.min = 1, .max = 1e12, .unit = "transitions"});
  own.add("learning_starts", learning_starts, "Transitions of random actions before the first update",
          {.min = 0, .unit = "transitions"});
}

}  // namespace agents

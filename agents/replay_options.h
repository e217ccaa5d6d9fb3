// What agents that learn from a replay are told alike: how it is filled, and how much is drawn from it.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace agents {

struct ReplayOptions {
  double gamma = 0.99;
  int64_t num_envs = 1, train_every = 1, gradient_steps = 1, batch_size = 256;
  int64_t buffer_size = 1000000, learning_starts = 100;

  void fields(core::Fields& own);  // of the agent's section
  int64_t rounds() const {
    return (train_every + num_envs - 1) / num_envs;
  }  // of all environments, between updates
};

}  // namespace agents

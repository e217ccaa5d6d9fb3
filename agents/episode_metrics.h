// What agents log of the episodes that end while they learn.
#pragma once

#include "training/loop/learner.h"

namespace agents {

void register_episodes(training::Build& build);
void log_episode(training::Step& step, double episode_return, int64_t length);

}  // namespace agents

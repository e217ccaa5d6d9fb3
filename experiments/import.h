// `atelier import`: episodes of Minari's and D4RL's datasets as an episodes file.
#pragma once

#include "experiments/commands.h"

namespace experiments {

int import_episodes(const ImportCommand& command);

}  // namespace experiments

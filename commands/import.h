// `atelier import`: episodes of Minari's and D4RL's datasets as an episodes file.
#pragma once

#include "commands/commands.h"

namespace commands {

int import_episodes(const ImportCommand& command);

}  // namespace commands

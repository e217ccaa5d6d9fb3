// atelier watch: recorded episodes of a run, fresh ones of a trained policy, or an environment by itself.
#pragma once

#include "commands/commands.h"

namespace commands {

int watch(const WatchCommand& command);

}  // namespace commands

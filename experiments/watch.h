// atelier watch: recorded episodes of a run, fresh ones of a trained policy, or an environment by itself.
#pragma once

#include "experiments/commands.h"

namespace experiments {

int watch(const WatchCommand& command);

}  // namespace experiments

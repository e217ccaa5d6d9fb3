// atelier env: plays an environment without learning.
#pragma once

#include "experiments/commands.h"

namespace experiments {

int env(const EnvCommand& command);

}  // namespace experiments

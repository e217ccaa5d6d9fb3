// atelier env: plays an environment without learning.
#pragma once

#include "commands/commands.h"

namespace commands {

int env(const EnvCommand& command);

}  // namespace commands

// atelier check: one step of everything that a run does, and nothing written.
#pragma once

#include "commands/commands.h"

namespace commands {

// Exit code: 0, or that of the worst file.
int check(const RunCommand& command);

}  // namespace commands

// atelier run: from a file to a run folder, or on from a checkpoint.
#pragma once

#include "commands/commands.h"

namespace commands {

// Exit code: 0, or 128 + the signal that ended the run.
int run(const RunCommand& command, const std::string& command_line);
int check(const RunCommand& command);

}  // namespace commands

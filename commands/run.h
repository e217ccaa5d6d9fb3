// atelier run: from a file to a run folder, or on from a checkpoint.
#pragma once

#include "commands/commands.h"
#include "training/loop/session.h"

namespace commands {

// Exit code: 0, or 128 + the signal that ended the run.
int run(const RunCommand& command, const std::string& command_line);
// The weights that `train.init_from` names, into a session that has begun nothing.
void start_from(training::Session& session);

}  // namespace commands

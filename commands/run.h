// atelier run: from a file to a run folder, or on from a checkpoint.
#pragma once

#include "commands/commands.h"

namespace commands {

// Exit code: 0, or 128 + the signal that ended the run.
int run(const RunCommand& command, const std::string& command_line);
// Said when a resume has a longer budget.
inline constexpr const char* new_horizon =
    "note: a longer budget sets a new horizon for schedules; the run will not equal one that had it from the "
    "start\n";
int check(const RunCommand& command);

}  // namespace commands

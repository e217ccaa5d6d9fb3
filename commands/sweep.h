// `atelier sweep`: many runs of one experiment with other values, side by side on the cores.
#pragma once

#include "commands/commands.h"

namespace commands {

// Exit code: 0, 1 when a trial failed, 2 when the sweep or a trial's experiment is not valid, 128 + signal
// when interrupted.
// `line`: what was typed, for the runs' own files.
int sweep(const SweepCommand& command, const std::string& line);

}  // namespace commands

// One experiment with many seeds: one process each, side by side on the cores.
#pragma once

#include <filesystem>
#include <vector>

#include "commands/commands.h"

namespace commands {

// Exit code: 0, 1 when any seed failed, 2 when the experiment is not valid, 128 + signal when interrupted.
// `line`: what was typed, for the runs' own files.
int run_seeds(const RunCommand& command, const std::string& line);
// The unfinished runs of a <time> folder (all of them under a longer budget), each resumed.
int resume_seeds(const RunCommand& command, const std::vector<std::filesystem::path>& runs);

}  // namespace commands

// atelier results: what the experiments reached, held against the targets in their files.
#pragma once

#include "commands/commands.h"

namespace commands {

// Evaluates best.h5 and last.h5 of every finished run below the given folders that has a target (its config
// has, or the shipped file of its name, if the run did just what that says): one row for each folder of seeds
// and target; the newest of equal name and seeds counts. Prints the table, and
// writes it as Markdown when `out` is given: into that file, or as results.md into a folder for each wing of
// the folder that it names. Returns the exit code: 0, whatever was reached.
int results(const ResultsCommand& command);

}  // namespace commands

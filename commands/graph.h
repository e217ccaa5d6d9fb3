// atelier graph: the value of a small expression, its slopes, and its computation graph as a picture.
#pragma once

#include "commands/commands.h"

namespace commands {

// Prints the value and d / dx for each variable x; writes the picture where --out is given, by its ending:
// .dot, .svg, .png or .pdf. Returns the exit code.
int graph(const GraphCommand& command);

}  // namespace commands

// How fast the shared trainer learns, in the sizes of known programs.
#pragma once

#include "bench/request.h"

namespace bench {

// Prints, for each row of the table in learning.cpp, what is learned from per CPU second of one thread:
// (long - short budget) / (CPU of the long - of the short run), so that the program's start, the data's
// loading and the last evaluation do not count, the log does. Beside it the goal. How other programs compare
// is measured by bench/peers. Returns the exit code.
int learning(const Request& request);

}  // namespace bench

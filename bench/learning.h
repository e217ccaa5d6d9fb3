// How fast the shared trainer learns, in the sizes of known programs.
#pragma once

namespace bench {

// Prints, for each row of the table in learning.cpp, what is learned from per CPU second of one thread:
// (long - short budget) / (CPU of the long - of the short run), so that the program's start and the data's
// loading do not count, the log does; median of 5. Beside it the peer's speed and the goal. Returns the exit
// code.
int learning(bool json);

}  // namespace bench

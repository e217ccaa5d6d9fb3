// How long a small policy takes to choose.
#pragma once

namespace bench {

// Microseconds of one forward pass of a 4-64-64-2 tanh network with its greedy choice, for 1 and 4
// observations: on plain arrays, and with LibTorch's layers beside it; one thread, median of 5 windows.
// Returns the exit code.
int acting(bool json);

}  // namespace bench

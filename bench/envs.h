// How fast the environments step.
#pragma once

namespace bench {

// Prints steps per second for every id and precision: on one core, and on all of them for large batches.
// Actions are drawn beforehand and cycled, episodes restart by themselves, every output is written; median of
// 5 windows. Returns the exit code.
int envs(bool json);

}  // namespace bench

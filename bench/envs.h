// How fast the environments step.
#pragma once

#include "bench/request.h"

namespace bench {

// Prints steps per second for every id and precision: on one core, and on all of them for large batches.
// Actions are drawn beforehand and cycled, episodes restart by themselves, every output is written. A row is
// an environment, or one seen as pixels. Returns the exit code.
int envs(const Request& request);

}  // namespace bench

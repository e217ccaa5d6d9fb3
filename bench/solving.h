// How long the shipped evolution strategy learns until a task counts as solved.
#pragma once

namespace bench {

// Seconds of CPU time until the first generation after which 50 greedy episodes have a mean of 475 or more:
// ten seeds, the evaluations themselves not counted.
int solving(bool json);

}  // namespace bench

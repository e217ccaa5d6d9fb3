// atelier diff: two runs, bit for bit, wall-clock fields aside.
#pragma once

#include <string>

namespace analysis {

// 0 when config, metrics, episodes and checkpoints are equal; else 1, with the first differences printed.
int diff(const std::string& run_a, const std::string& run_b);

}  // namespace analysis

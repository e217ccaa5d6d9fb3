// The clocks and the middle of several windows.
#pragma once

#include <vector>

namespace bench {

double thread_cpu_time();  // seconds of this thread alone: what else runs on the machine hardly counts
double wall_time();        // seconds
// The middle one; of an even number the larger of the two in the middle.
double median(std::vector<double> values);

}  // namespace bench

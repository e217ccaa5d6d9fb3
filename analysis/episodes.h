// The report's section of recorded episodes.
#pragma once

#include <string>
#include <vector>

#include "analysis/runs.h"

namespace analysis {

// What was recorded, each policy's newest evaluation in numbers, and three episodes of one policy as GIFs:
// from the first evaluation, the middle and the newest one; without ffmpeg five moments of the newest. Empty
// without episodes; `notes` gathers what could not be shown.
std::string episodes_html(const Run& run, std::vector<std::string>& notes);

}  // namespace analysis

// Parallel coordinates: an axis for each quantity, a line for each trial, coloured by the last axis.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace analysis {

struct ParallelAxis {
  std::string name;
  std::vector<std::string>
      values;  // of each trial, as text, "-": none; numbers are scaled, words evenly apart
};

// The last axis is the score: the better, the darker a line; a trial without one is left out. `better`: 1,
// more is better; -1, less. Error when the file cannot be written.
void write_parallel(const std::filesystem::path& svg, const std::string& title,
                    const std::vector<ParallelAxis>& axes, double better);

}  // namespace analysis

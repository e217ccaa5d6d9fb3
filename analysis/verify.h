// Whether the files of runs hold what was written into them.
#pragma once

#include <filesystem>
#include <ostream>
#include <vector>

namespace analysis {

// A line for each file of each run; 1 where one is not whole, else 0.
int verify(const std::vector<std::filesystem::path>& runs, std::ostream& out);

}  // namespace analysis

// Actions to be played: a CSV with the columns of `atelier env --csv` (one sequence for each seed), or bare
// numbers, a line a step.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace core::formats {

using ActionSequence = std::vector<std::vector<double>>;        // [t][width]
using ActionSequences = std::map<std::string, ActionSequence>;  // by the seed column; "" without one

// `width` numbers a step; `whole`: none has a fraction. Error with file and line, or where there is none.
ActionSequences read_actions(const std::filesystem::path& file, size_t width, bool whole);

}  // namespace core::formats

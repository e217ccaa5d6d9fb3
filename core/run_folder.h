// Where runs live: runs/<name>/<time>/seed-<n>/, with runs/<name>/latest pointing at the newest <time>.
#pragma once

#include <filesystem>
#include <vector>

namespace core {

// The run folders (each holds a run.h5) meant by `path`: itself, its seed-<n> children in numerical order, or
// those of its `latest`. Error when there is none.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& path);

}  // namespace core

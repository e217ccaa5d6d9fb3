// The house's own source files as its tests read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace house {

struct Source {
  std::filesystem::path path;      // relative to the repository
  std::string folder;              // its first part
  std::vector<std::string> lines;  // without line ends
};

// Every .h and .cpp of every folder of the house, sorted by path; build folders and runs are no part of it.
std::vector<Source> sources();

}  // namespace house

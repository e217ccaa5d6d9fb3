// Reads the source files.
#include "tests/house/sources.h"
#include "tests/places.h"

#include <algorithm>
#include <fstream>

namespace house {
namespace {

namespace fs = std::filesystem;

Source read(const fs::path& file) {
  Source source;
  source.path = fs::relative(file, tests::repository());
  source.folder = source.path.begin()->string();
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) source.lines.push_back(line);
  return source;
}

}  // namespace

std::vector<Source> sources() {
  std::vector<Source> all;
  for (const char* folder : {"core", "envs", "training", "agents", "generative", "supervised", "render",
                             "analysis", "commands", "tests", "bench", "examples"})
    if (const fs::path root = fs::path(tests::repository()) / folder; fs::exists(root))
      for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
          all.push_back(read(entry.path()));
  std::ranges::sort(all, {}, &Source::path);
  return all;
}

}  // namespace house

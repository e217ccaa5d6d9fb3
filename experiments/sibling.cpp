#include "experiments/sibling.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "experiments/places.h"

namespace experiments {

void rest_idle_workers() {
  ::setenv("OMP_WAIT_POLICY", "passive", 0);
  ::setenv("GOMP_SPINCOUNT", "2000", 0);
}

void become_sibling(const std::string& program, char** argv) {
  const std::filesystem::path path = program_folder() / program;
  rest_idle_workers();
  ::execv(path.c_str(), argv);
  throw core::Error(fmt::format("{}: cannot be started (was it built?)", path.string()),
                    core::Exit::missing_package);
}

void become_forked(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  rest_idle_workers();
  ::execv((program_folder() / words[0]).c_str(), argv.data());
  ::_exit(static_cast<int>(core::Exit::missing_package));
}

}  // namespace experiments

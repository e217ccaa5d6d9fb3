#include "commands/sibling.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "commands/places.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace commands {

void set_libraries() {
  ::setenv("OMP_WAIT_POLICY", "passive", 0);
  ::setenv("GOMP_SPINCOUNT", "2000", 0);
  ::setenv("UCX_ERROR_SIGNALS", "", 0);
  ::setenv("UCX_DEBUG_SIGNO", "", 0);  // else SIGHUP prints instead of ending the program
}

void end_on_signals(bool speaks) {
  core::end_on_signals(speaks ? "atelier: stopped before the run began\n" : nullptr);
}

void become_sibling(const std::string& program, char** argv) {
  const std::filesystem::path path = program_folder() / program;
  set_libraries();
  ::execv(path.c_str(), argv);
  throw core::Error(fmt::format("{}: cannot be started (was it built?)", path.string()),
                    core::Exit::missing_package);
}

void become_forked(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  set_libraries();
  ::execv((program_folder() / words[0]).c_str(), argv.data());
  ::_exit(static_cast<int>(core::Exit::missing_package));
}

}  // namespace commands

#include "commands/sibling.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "commands/places.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/memory.h"

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

// Why LibTorch cannot be loaded; "" where nothing is in the way. With less OpenBLAS asks for memory for ever,
// before main() and with the signals held back.
static std::string too_little() {
  constexpr uint64_t least = uint64_t{1} << 30;
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  if (!limited || limit.rlim_cur >= least) return "";
  return fmt::format("LibTorch needs {} of address space, and the limit is {} (ulimit -v)",
                     core::print_bytes(least), core::print_bytes(limit.rlim_cur));
}

void become_sibling(const std::string& program, char** argv) {
  const std::filesystem::path path = program_folder() / program;
  const std::string why = too_little();
  core::check(why.empty(), "{}", why);
  set_libraries();
  ::execv(path.c_str(), argv);
  throw core::Error(fmt::format("{}: cannot be started (was it built?)", path.string()),
                    core::Exit::missing_package);
}

void become_forked(std::vector<std::string> words) {
  if (const std::string why = too_little(); !why.empty()) {
    std::cerr << "atelier: " << why << '\n';
    ::_exit(static_cast<int>(core::Exit::bad_input));
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  set_libraries();
  ::execv((program_folder() / words[0]).c_str(), argv.data());
  ::_exit(static_cast<int>(core::Exit::missing_package));
}

}  // namespace commands

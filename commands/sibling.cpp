#include "commands/sibling.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "commands/places.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "core/shell.h"

namespace commands {

static constexpr std::array<std::pair<const char*, const char*>, 4> settings{{
    {"OMP_WAIT_POLICY", "passive"},
    {"GOMP_SPINCOUNT", "2000"},
    {"UCX_ERROR_SIGNALS", ""},
    {"UCX_DEBUG_SIGNO", ""},  // else SIGHUP prints instead of ending the program
}};

void set_libraries() {
  for (const auto& [name, value] : settings) ::setenv(name, value, 0);
}

static bool are_libraries_set() {
  return std::all_of(settings.begin(), settings.end(),
                     [](const auto& setting) { return std::getenv(setting.first) != nullptr; });
}

static Program& own_torch() {
  static Program torch = nullptr;
  return torch;
}

void be_own_sibling(Program torch) { own_torch() = torch; }

static std::filesystem::path path_of(const std::string& program) {
  return own_torch() ? std::filesystem::read_symlink("/proc/self/exe") : program_folder() / program;
}

void end_on_signals(bool speaks) {
  core::end_on_signals(speaks ? "atelier: stopped before the run began\n" : nullptr);
}

// Whether so many threads can run at once: where fewer processes are allowed, OpenMP waits for ever for those
// that it could not start.
static bool can_start_threads(int count) {
  std::vector<std::jthread> threads;
  std::promise<void> all;
  const std::shared_future<void> together = all.get_future().share();
  bool started = true;
  try {
    for (int k = 0; k < count; ++k) threads.emplace_back([together] { together.wait(); });
  } catch (const std::system_error&) {
    started = false;
  }
  all.set_value();
  return started;
}

// Why LibTorch cannot be loaded; "" where nothing is in the way. With less memory OpenBLAS asks for it for
// ever, before main() and with the signals held back.
static std::string too_little() {
  struct Need {
    __rlimit_resource_t limit;
    uint64_t least;
    const char *what, *option;
  };
  static constexpr std::array needs{Need{RLIMIT_AS, uint64_t{1} << 30, "address space", "ulimit -v"},
                                    Need{RLIMIT_DATA, uint64_t{768} << 20, "data", "ulimit -d"}};
  for (const Need& need : needs) {
    rlimit limit{};
    const bool limited = ::getrlimit(need.limit, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    if (limited && limit.rlim_cur < need.least)
      return fmt::format("LibTorch needs {} of {}, and the limit is {} ({})", core::print_bytes(need.least),
                         need.what, core::print_bytes(limit.rlim_cur), need.option);
  }
  constexpr int threads = 8;  // more than a small run has, fewer than a shared machine forbids
  return can_start_threads(threads)
             ? ""
             : fmt::format("{} threads cannot be started: this user may run too few processes (ulimit -u)",
                           threads);
}

int as_torch_sibling(int argc, char** argv) {
  if (own_torch() && are_libraries_set()) return own_torch()(argc, argv);
  become_sibling("atelier-torch", argv);  // where it is its own: anew, since libraries were loaded unset
}

void become_sibling(const std::string& program, char** argv) {
  core::check(!own_torch() || program == "atelier-torch", "this command belongs to the program `atelier`");
  const std::filesystem::path path = path_of(program);
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
  const std::filesystem::path path = path_of(words[0]);
  if (own_torch()) argv[0] = const_cast<char*>(core::program_name().c_str());
  set_libraries();
  ::execv(path.c_str(), argv.data());
  ::_exit(static_cast<int>(core::Exit::missing_package));
}

}  // namespace commands

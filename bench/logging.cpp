#include "bench/logging.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "core/error.h"

namespace bench {

// CPU seconds, user and system, of one run of the program.
static double cpu_seconds(const std::filesystem::path& program, const std::vector<std::string>& words) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<std::string> copy = words;
    std::vector<char*> argv;
    for (auto& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  core::check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "bench: {} failed", words[1]);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static constexpr size_t pairs = 15;  // a busy machine shifts single runs by several percent

static double median(std::array<double, pairs> values) {
  std::sort(values.begin(), values.end());
  return values[pairs / 2];
}

int logging(const std::filesystem::path& programs, const std::filesystem::path& experiment, bool json) {
  const std::filesystem::path out =
      std::filesystem::temp_directory_path() / fmt::format("atelier-bench-{}", ::getpid());
  const auto run = [&](const char* every) {
    return cpu_seconds(
        programs / "atelier-torch",
        {"atelier-torch", "run", experiment.string(), std::string("log.every=") + every, "record.episodes=0",
         "train.env_steps=100k", "--quiet", "--force", "--out", out.string()});
  };
  std::array<double, pairs> with{}, without{}, share{};
  for (size_t i = 0; i < with.size(); ++i) {
    without[i] = run("{steps: 1000000000}");
    with[i] = run("{steps: 1}");
    share[i] = (with[i] - without[i]) / without[i];
  }
  std::filesystem::remove_all(out);
  if (json)
    fmt::print("{{\"bench\": \"logging\", \"with_s\": {:.3f}, \"without_s\": {:.3f}, \"share\": {:.4f}}}\n",
               median(with), median(without), median(share));
  else
    fmt::print(
        "logging: {:.3f} CPU s with a row at every step, {:.3f} without: {:+.2f} % (median of 15 pairs)\n",
        median(with), median(without), 100 * median(share));
  return 0;
}

}  // namespace bench

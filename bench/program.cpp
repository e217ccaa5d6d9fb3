#include "bench/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "bench/clock.h"
#include "commands/places.h"
#include "commands/sibling.h"
#include "core/error.h"
#include "core/path.h"

namespace bench {

[[noreturn]] static void become(std::vector<std::string> words, const std::string& output = "/dev/null") {
  ::dup2(::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  commands::become_forked(std::move(words));
}

double cpu_seconds(const std::vector<std::string>& words) {
  std::vector<std::string> line{"atelier-torch"};
  line.insert(line.end(), words.begin(), words.end());
  const pid_t child = ::fork();
  if (child == 0) become(line);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  core::check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "bench: atelier {} failed",
              fmt::join(words, " "));
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Started::Started(const std::string& program, std::vector<std::string> words, const std::string& output)
    : line_(fmt::format("{} {}", program, fmt::join(words, " "))) {
  words.insert(words.begin(), program);
  child_ = ::fork();
  if (child_ == 0) become(words, output);
}

void Started::wait() {
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = 0;
  core::check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "bench: {} failed", line_);
}

Started::~Started() {
  if (child_ <= 0) return;
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
}

double wall_seconds(const std::vector<std::string>& words) {
  const double start = wall_time();
  Started("atelier", words).wait();
  return wall_time() - start;
}

std::string experiment(const std::string& name) { return commands::experiment_file(name).string(); }

Folder::Folder() {
  std::string name = (core::temporary_folder() / "atelier-bench-XXXXXX").string();
  core::check(::mkdtemp(name.data()), "{}: cannot be made", name);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace bench

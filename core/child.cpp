#include "core/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace core {

namespace {

class Actions {
 public:
  explicit Actions(const Child& child) {
    ::posix_spawn_file_actions_init(&all_);
    for (const auto& [held, stream] :
         {std::pair(child.input, STDIN_FILENO), std::pair(child.output, STDOUT_FILENO),
          std::pair(child.errors, STDERR_FILENO)})
      if (held >= 0) ::posix_spawn_file_actions_adddup2(&all_, held, stream);
    if (!child.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&all_, child.folder.c_str());
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&all_); }
  const posix_spawn_file_actions_t* get() const { return &all_; }

 private:
  posix_spawn_file_actions_t all_{};
};

std::string all_of(int file) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t n = ::read(file, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(block.data(), static_cast<size_t>(n));
  }
}

}  // namespace

Started start(const Child& child) {
  std::vector<std::string> words = child.words;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const Actions actions(child);
  Started started;
  started.error = ::posix_spawnp(&started.process, argv[0], actions.get(), nullptr, argv.data(), environ);
  return started;
}

int end_of(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_to_end(const Child& child) {
  const Started started = start(child);
  return started.error == 0 ? end_of(started.process) : 127;
}

std::string first_line_of(const std::vector<std::string>& words) {
  std::array<int, 2> ends{-1, -1};
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return "";
  const Started started =
      start({.words = words, .folder = {}, .input = nowhere, .output = ends[1], .errors = nowhere});
  ::close(ends[1]);
  ::close(nowhere);
  const std::string text = started.error == 0 ? all_of(ends[0]) : "";
  ::close(ends[0]);
  const bool succeeded = started.error == 0 && end_of(started.process) == 0;
  return succeeded ? text.substr(0, text.find('\n')) : "";
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
  std::error_code unknown;
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path file = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (std::filesystem::is_regular_file(file, unknown) && ::access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace core

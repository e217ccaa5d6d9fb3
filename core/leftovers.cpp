#include "core/leftovers.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <set>

namespace core {

namespace fs = std::filesystem;

static constexpr std::string_view file_ending = ".part", folder_start = "atelier.";

// Of names that say whose they are; 40 characters at most.
static std::string this_host() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string name = host.data();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '.'; }, '_');
  return name.substr(0, 40);
}

std::string owner_mark() { return fmt::format("{}-{}", this_host(), ::getpid()); }

// The process that NAME.HOST-PROCESS-... names, where it is this host's; else 0.
static pid_t owner_of(const std::string& name) {
  const size_t dot = name.rfind('.');
  const std::string host = this_host() + "-";
  if (dot == std::string::npos || name.compare(dot + 1, host.size(), host) != 0) return 0;
  const char* text = name.c_str() + dot + 1 + host.size();
  char* end = nullptr;
  const long process = std::strtol(text, &end, 10);
  return end != text && *end == '-' && process > 0 && process <= std::numeric_limits<pid_t>::max()
             ? static_cast<pid_t>(process)
             : 0;
}

static bool has_ended(pid_t process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

static bool is_own_folder(const fs::path& path) {
  struct stat found {};
  return path.filename().string().starts_with(folder_start) && ::lstat(path.c_str(), &found) == 0 &&
         S_ISDIR(found.st_mode) && found.st_uid == ::geteuid();
}

static void clear(const fs::path& path) {
  std::error_code ignored;
  std::string name = path.filename().string();
  const bool is_file = name.ends_with(file_ending);
  if (is_file) name.resize(name.size() - file_ending.size());
  const pid_t owner = owner_of(name);
  if (owner == 0 || !has_ended(owner)) return;
  if (is_file && fs::is_regular_file(fs::symlink_status(path, ignored))) fs::remove(path, ignored);
  if (!is_file && is_own_folder(path)) fs::remove_all(path, ignored);
}

void clear_abandoned(const fs::path& folder) {
  static std::mutex one_at_a_time;
  static std::set<fs::path> seen;
  const std::scoped_lock lock(one_at_a_time);
  if (!seen.insert(folder).second) return;
  std::error_code error;
  for (fs::directory_iterator child(folder, error), end; !error && child != end; child.increment(error))
    clear(child->path());
}

// Its handler may neither allocate nor lock.
static std::array<std::atomic<const char*>, 16> leftovers{};

static void exchange(const char* from, const char* to) {
  for (auto& slot : leftovers)
    if (const char* expected = from; slot.compare_exchange_strong(expected, to)) return;
}

// A folder is emptied by another program: walking through it allocates.
static void take_away(const char* path) {
  if (::unlink(path) == 0 || errno != EISDIR) return;
  const pid_t child = ::_Fork();
  if (child == 0) {
    ::execl("/bin/rm", "rm", "-rf", "--", path, nullptr);
    ::_exit(1);
  }
  if (child > 0) ::waitpid(child, nullptr, 0);
}

static void on_end(int signal) {
  for (const auto& slot : leftovers)
    if (const char* path = slot) take_away(path);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Where nobody else listens to it.
static void take_away_on_end() {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM})
    if (const auto before = std::signal(signal, on_end); before != SIG_DFL) std::signal(signal, before);
}

Leftover::Leftover(const fs::path& path) : path_(path.string()) {
  exchange(nullptr, path_.c_str());
  take_away_on_end();
}

Leftover::~Leftover() { exchange(path_.c_str(), nullptr); }

}  // namespace core

#include "core/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <set>

#include "core/error.h"

namespace core {

namespace fs = std::filesystem;

static std::string refused(const fs::path& file, int reason) {
  return fmt::format("{}: cannot be written ({})", file.string(),
                     reason != 0 ? std::strerror(reason) : "disk full?");
}

// Devices, pipes, and the names that the system gives to open files.
static bool is_special(const fs::path& file) {
  const std::string whole = fs::absolute(file).lexically_normal().string();
  if (whole.starts_with("/dev/") || whole.starts_with("/proc/")) return !whole.starts_with("/dev/shm/");
  std::error_code unknown;
  const fs::file_status there = fs::symlink_status(file, unknown);
  return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_symlink(there);
}

// Of names that say whose draft it is; 40 characters at most.
static std::string this_host() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string name = host.data();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '.'; }, '_');
  return name.substr(0, 40);
}

// Whose draft NAME.HOST-PROCESS-N.part is: the process, where it is this host's; else 0.
static pid_t owner_of(const std::string& name) {
  static const std::string ending = ".part";
  if (!name.ends_with(ending)) return 0;
  const size_t dot = name.rfind('.', name.size() - ending.size() - 1);
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

// What processes of this host left behind that were killed; once in each folder.
static void clear_abandoned(const fs::path& folder) {
  static std::mutex one_at_a_time;
  static std::set<fs::path> seen;
  const std::scoped_lock lock(one_at_a_time);
  if (!seen.insert(folder).second) return;
  std::error_code error, ignored;
  for (fs::directory_iterator child(folder, error), end; !error && child != end; child.increment(error))
    if (const pid_t owner = owner_of(child->path().filename().string()); owner != 0 && has_ended(owner))
      if (fs::is_regular_file(child->symlink_status(ignored))) fs::remove(child->path(), ignored);
}

// FILE.HOST-PROCESS-N.part, with the beginning of a name that would grow too long.
static fs::path draft_of(const fs::path& file) {
  static constexpr size_t longest = 180;
  static std::atomic<int> made = 0;
  clear_abandoned(fs::absolute(file).parent_path());
  for (;;) {
    const std::string name = file.filename().string().substr(0, longest);
    fs::path draft =
        file.parent_path() / fmt::format("{}.{}-{}-{}.part", name, this_host(), ::getpid(), made++);
    const int opened = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (opened >= 0) {
      ::close(opened);
      return draft;
    }
    check(errno == EEXIST, "{}", refused(file, errno));
  }
}

// What a signal that ends the program must not leave behind. Its handler may neither allocate nor lock.
static std::array<std::atomic<const char*>, 16> drafts{};

static void exchange(const char* from, const char* to) {
  for (auto& slot : drafts)
    if (const char* expected = from; slot.compare_exchange_strong(expected, to)) return;
}

static void on_end(int signal) {
  for (const auto& slot : drafts)
    if (const char* draft = slot) ::unlink(draft);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Where nobody else listens to it.
static void clear_away_on_end() {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM})
    if (const auto before = std::signal(signal, on_end); before != SIG_DFL) std::signal(signal, before);
}

WholeFile::WholeFile(fs::path file) : file_(std::move(file)) {
  check(!fs::is_directory(file_), "{}: cannot be written ({})", file_.string(), std::strerror(EISDIR));
  draft_ = is_special(file_) ? file_ : draft_of(file_);
  if (is_direct()) return;
  exchange(nullptr, draft_.c_str());
  clear_away_on_end();
}

WholeFile::~WholeFile() {
  exchange(draft_.c_str(), nullptr);
  std::error_code ignored;
  if (!kept_ && !is_direct()) fs::remove(draft_, ignored);
}

std::ostream& WholeFile::out() {
  if (!out_.is_open()) {
    out_.open(draft_, std::ios::binary);
    check(out_.is_open(), "{}", refused(file_, errno));
  }
  return out_;
}

void WholeFile::finish() {
  if (!out_.is_open()) return;
  errno = 0;
  out_.close();  // tries again what could not be written before
  if (!out_) throw Error(refused(file_, errno), Exit::failed);
}

void WholeFile::keep() {
  finish();
  std::error_code error;
  if (!is_direct()) fs::rename(draft_, file_, error);
  if (error) throw Error(refused(file_, error.value()), Exit::failed);
  kept_ = true;
}

MadeFolder::MadeFolder(const fs::path& folder) {
  std::error_code error;
  for (fs::path at = fs::absolute(folder); !fs::exists(at, error) && at.has_relative_path();
       at = at.parent_path())
    made_.push_back(at);
  fs::create_directories(folder, error);
  check(!error, "{}: cannot be made ({})", folder.string(), error.message());
}

MadeFolder::~MadeFolder() {
  std::error_code ignored;
  for (const fs::path& folder : made_) fs::remove(folder, ignored);
}

// 0, or why the system refused.
static int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) return errno;
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(n, 0)));
  }
  return 0;
}

void write_whole(const fs::path& file, std::string_view bytes) {
  WholeFile whole(file);
  const int out = ::open(whole.draft().c_str(), O_WRONLY | O_CLOEXEC);
  check(out >= 0, "{}", refused(file, errno));
  int reason = write_all(out, bytes);
  if (::close(out) != 0 && reason == 0) reason = errno;
  if (reason != 0) throw Error(refused(file, reason), Exit::failed);
  whole.keep();
}

}  // namespace core

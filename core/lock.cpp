#include "core/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/path.h"
#include "core/run_log.h"

namespace core {

namespace fs = std::filesystem;

static constexpr double stale_after_s = 120;  // without a heartbeat; runs flush every few seconds

std::string Writer::words() const { return fmt::format("process {} on {}", pid, host); }

Writer this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return {::getpid(), host.data()};
}

static fs::path lock_of(const fs::path& folder) { return folder / ".lock"; }

static int opened(const fs::path& folder) {
  const int file = ::open(lock_of(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  const int why = errno;
  std::error_code unknown;
  const bool stands = fs::exists(fs::symlink_status(lock_of(folder), unknown));
  check(file >= 0, "{}: {} cannot be written ({})", (stands ? lock_of(folder) : folder).string(),
        stands ? "the lock" : "the folder", std::strerror(why));
  return file;
}

// Whether the folder still calls this file its lock: whoever held it before may have removed it.
static bool is_current(int file, const fs::path& folder) {
  struct stat held {
  }, there{};
  return ::fstat(file, &held) == 0 && ::lstat(lock_of(folder).c_str(), &there) == 0 &&
         held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

// "PID HOST\n", in one write.
static void sign(int file) {
  const Writer own = this_process();
  const std::string line = fmt::format("{} {}\n", own.pid, own.host);
  const bool named =  // on a full disk nobody is named, and the lock holds all the same
      ::ftruncate(file, 0) == 0 && ::pwrite(file, line.data(), line.size(), 0) == std::ssize(line);
  static_cast<void>(named);
}

static std::optional<Writer> signature(int file) {
  std::array<char, 300> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  if (size <= 0) return std::nullopt;
  Writer writer;
  const char* end = text.data() + size;
  const auto [at, error] = std::from_chars(text.data(), end, writer.pid);
  if (error != std::errc() || at == end || *at != ' ' || end[-1] != '\n') return std::nullopt;
  writer.host.assign(at + 1, end - 1);
  return writer;
}

static bool is_alive(pid_t pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

// Whoever holds the lock signs just after it was given, above the name of one that was killed.
static std::optional<Writer> holder(int file) {
  const auto writer = signature(file);
  const bool lives = writer && (writer->host != this_process().host || is_alive(writer->pid));
  return lives ? writer : std::nullopt;
}

[[noreturn]] static void refuse(const fs::path& folder, const std::optional<Writer>& writer) {
  fail("{}: {} is writing here; wait for its end or stop it first", folder.string(),
       writer ? writer->words() : "another process");
}

static bool has_fresh_heartbeat(const fs::path& folder) {
  try {
    const RunFile run(folder);
    std::tm when{};
    const bool read = strptime(run.attribute("heartbeat").c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) != nullptr;
    return read && run.attribute("status") == "running" &&
           std::difftime(std::time(nullptr), timegm(&when)) < stale_after_s;
  } catch (const Error&) {  // no run, or none that can be read: nobody to spare
    return false;
  }
}

static std::optional<Writer> apparent_writer(int file, const fs::path& folder) {
  const auto writer = signature(file);
  if (!writer) return std::nullopt;
  const Writer own = this_process();
  const bool here = writer->host == own.host;
  const bool lives = here ? writer->pid != own.pid && is_alive(writer->pid) : has_fresh_heartbeat(folder);
  return lives ? writer : std::nullopt;
}

std::optional<Writer> apparent_writer(const fs::path& folder) {
  const int file = ::open(lock_of(folder).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return std::nullopt;
  auto writer = apparent_writer(file, folder);
  ::close(file);
  return writer;
}

// Of an open lock file: Error, with the file closed, where it is another process's.
static void take(int file, const fs::path& folder) {
  static constexpr int tries = 25;  // of a lock without a name: someone may only be asking for it
  std::optional<Writer> writer;
  bool held = true;
  for (int k = 0; k < tries && held && !writer; ++k) {
    if (k > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return;
    held = errno == EWOULDBLOCK;
    writer = held ? holder(file) : apparent_writer(file, folder);
  }
  if (!held && !writer) return;
  ::close(file);
  refuse(folder, writer);
}

FolderLock::FolderLock(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  check(!error, "{}: the folder cannot be written ({})", folder_.string(), error.message());
  static constexpr int most = 100;  // of a file that its holders remove as they end
  for (int k = 0; k < most; ++k) {
    require_own(lock_of(folder_));
    file_ = opened(folder_);
    take(file_, folder_);
    if (is_current(file_, folder_)) break;
    ::close(file_);
    file_ = -1;
  }
  if (file_ < 0) refuse(folder_, std::nullopt);
  sign(file_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : folder_(std::move(other.folder_)), file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ < 0) return;
  if (is_current(file_, folder_)) ::unlink(lock_of(folder_).c_str());
  ::close(file_);
}

void require_unlocked(const fs::path& folder) {
  const int file = ::open(lock_of(folder).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return;
  take(file, folder);
  ::close(file);
}

}  // namespace core

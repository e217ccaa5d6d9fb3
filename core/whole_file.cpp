#include "core/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace core {

namespace fs = std::filesystem;

// A disk that is full or broken is no fault of the command line.
[[noreturn]] static void refuse(const fs::path& file, int reason) {
  const bool disk = reason == 0 || reason == ENOSPC || reason == EDQUOT || reason == EIO || reason == EFBIG;
  throw Error(fmt::format("{}: cannot be written ({})", file.string(),
                          reason != 0 ? std::strerror(reason) : "disk full?"),
              disk ? Exit::failed : Exit::bad_input);
}

// Devices, pipes, and the names that the system gives to open files.
static bool is_special(const fs::path& file) {
  const std::string whole = fs::absolute(file).lexically_normal().string();
  if (whole.starts_with("/dev/") || whole.starts_with("/proc/")) return !whole.starts_with("/dev/shm/");
  std::error_code unknown;
  const fs::file_status there = fs::symlink_status(file, unknown);
  return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_symlink(there);
}

// FILE.HOST-PROCESS-N.part, with the beginning of a name that would grow too long.
static fs::path draft_of(const fs::path& file) {
  static constexpr size_t longest = 180;
  static std::atomic<int> made = 0;
  clear_abandoned(fs::absolute(file).parent_path());
  for (;;) {
    const std::string name = file.filename().string().substr(0, longest);
    fs::path draft = file.parent_path() / fmt::format("{}.{}-{}.part", name, owner_mark(), made++);
    const int opened = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (opened >= 0) {
      ::close(opened);
      return draft;
    }
    if (errno != EEXIST) refuse(file, errno);
  }
}

WholeFile::WholeFile(fs::path file) : file_(std::move(file)) {
  if (fs::is_directory(file_)) refuse(file_, EISDIR);
  draft_ = is_special(file_) ? file_ : draft_of(file_);
  if (!is_direct()) leftover_.emplace(draft_);
}

WholeFile::~WholeFile() {
  leftover_.reset();
  std::error_code ignored;
  if (!kept_ && !is_direct()) fs::remove(draft_, ignored);
}

std::ostream& WholeFile::out() {
  if (!out_.is_open()) {
    out_.open(draft_, std::ios::binary);
    if (!out_.is_open()) refuse(file_, errno);
  }
  return out_;
}

void WholeFile::finish() {
  if (!out_.is_open()) return;
  errno = 0;
  out_.close();  // tries again what could not be written before
  if (!out_) refuse(file_, errno);
}

void WholeFile::keep() {
  finish();
  std::error_code error;
  if (!is_direct()) fs::rename(draft_, file_, error);
  if (error) refuse(file_, error.value());
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
  if (out < 0) refuse(file, errno);
  int reason = write_all(out, bytes);
  if (::close(out) != 0 && reason == 0) reason = errno;
  if (reason != 0) refuse(file, reason);
  whole.keep();
}

}  // namespace core

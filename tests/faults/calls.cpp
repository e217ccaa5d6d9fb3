// Loaded into a program with LD_PRELOAD: the calls that write files fail where the plan says so, and the
// clock of the day jumps. As SQLite's tests do it: call 1, 2, 3, ... of a run fails, until none is left.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <ctime>

#include "tests/faults/plan.h"

namespace {

// What the program would have called.
template <class F>
F* next(F* /* of the same kind */, const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

bool refused(const faults::Verdict& verdict) {
  if (verdict.error != 0) errno = verdict.error;
  return verdict.error != 0;
}

// Of a call that has no half: whether it is to fail, with errno set.
template <class Target>
bool fails(Target target) {
  return faults::is_meant(target) && refused(faults::judge());
}

struct Write {
  int file;
  const void* data;
  size_t size;
  off_t at;  // -1: where the file stands
};

ssize_t done(const Write& w) {
  static auto* const plain = next(::write, "write");
  static auto* const placed = next(::pwrite, "pwrite");
  return w.at < 0 ? plain(w.file, w.data, w.size) : placed(w.file, w.data, w.size, w.at);
}

int64_t half_done(const void* call) {
  Write w = *static_cast<const Write*>(call);
  w.size /= 2;
  return w.size > 0 ? done(w) : -1;
}

ssize_t judged(const Write& w) {
  if (!faults::is_meant(w.file)) return done(w);
  const faults::Verdict verdict = faults::judge({half_done, &w});
  if (verdict.written > 0) return verdict.written;
  return refused(verdict) ? -1 : done(w);
}

bool writes(int file) {
  const int flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

// The clock of the day goes wrong by an hour ahead, then back, then is right again, some calls each.
time_t jump(clockid_t clock) {
  static std::atomic<int64_t> asked = 0;
  constexpr int64_t stays = 5;
  if (faults::plan().clock == 0 || clock != CLOCK_REALTIME) return 0;
  const int64_t phase = (asked++ / stays) % 3;
  return static_cast<time_t>((phase == 0 ? 1 : phase == 1 ? -1 : 0) * faults::plan().clock);
}

int created(int (*open_file)(const char*, int, ...), const char* name, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0 && fails(name)) return -1;
  return open_file(name, flags, mode);
}

mode_t mode_of(int flags, std::va_list rest) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, int)) : 0;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, size_t size) { return judged({file, data, size, -1}); }
ssize_t pwrite(int file, const void* data, size_t size, off_t at) { return judged({file, data, size, at}); }
ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  return judged({file, data, size, at});
}

ssize_t writev(int file, const iovec* parts, int count) {
  static auto* const real = next(::writev, "writev");
  return fails(file) ? -1 : real(file, parts, count);
}

int ftruncate(int file, off_t size) noexcept {
  static auto* const real = next(::ftruncate, "ftruncate");
  return fails(file) ? -1 : real(file, size);
}
int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t at, off_t size) {
  static auto* const real = next(::fallocate, "fallocate");
  return fails(file) ? -1 : real(file, mode, at, size);
}
int fallocate64(int file, int mode, off64_t at, off64_t size) { return fallocate(file, mode, at, size); }

int fsync(int file) {
  static auto* const real = next(::fsync, "fsync");
  return fails(file) ? -1 : real(file);
}

int close(int file) {  // which may tell of what could not be written, and closes all the same
  static auto* const real = next(::close, "close");
  const bool fails_too = writes(file) && fails(file);
  const int error = errno, code = real(file);
  if (fails_too) errno = error;
  return fails_too ? -1 : code;
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next(::rename, "rename");
  return fails(to) ? -1 : real(from, to);
}

int link(const char* from, const char* to) noexcept {
  static auto* const real = next(::link, "link");
  return fails(to) ? -1 : real(from, to);
}

int remove(const char* name) noexcept {
  static auto* const real = next(::remove, "remove");
  return fails(name) ? -1 : real(name);
}

int mkdir(const char* name, mode_t mode) noexcept {
  static auto* const real = next(::mkdir, "mkdir");
  return fails(name) ? -1 : real(name, mode);
}

int open(const char* name, int flags, ...) {
  static auto* const real = next(::open, "open");
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return created(real, name, flags, mode);
}

int open64(const char* name, int flags, ...) {
  static auto* const real = next(::open64, "open64");
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return created(real, name, flags, mode);
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static auto* const real = next(::clock_gettime, "clock_gettime");
  const int code = real(clock, now);
  now->tv_sec += jump(clock);
  return code;
}

time_t time(time_t* out) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"

#include "core/program.h"

#include <fcntl.h>
#include <hdf5.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "core/error.h"

namespace core {

// A run holds half as many open at most; below that a library's refusal names no file.
constexpr rlim_t fewest_files = 16;

static void require_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= fewest_files) return;
  const rlim_t had = files.rlim_cur;
  files.rlim_cur = std::min(files.rlim_max, fewest_files);
  if (files.rlim_cur == fewest_files && ::setrlimit(RLIMIT_NOFILE, &files) == 0) return;
  std::cerr << fmt::format("atelier: only {} files may be open at once, {} are needed (ulimit -n {})\n", had,
                           fewest_files, fewest_files);
  std::exit(static_cast<int>(Exit::bad_input));
}

void begin_program() {
  require_files();
  std::signal(SIGXFSZ, SIG_IGN);
  H5dont_atexit();  // HDF5's own clean-up crashes over a file that a full disk kept from being closed
  for (int file = ::open("/dev/null", O_RDWR); file >= 0; file = ::open("/dev/null", O_RDWR))
    if (file > STDERR_FILENO) {
      ::close(file);
      return;
    }
}

// A pipe or a terminal that nobody reads any more wants nothing.
static bool is_gone(int file) {
  pollfd asked{file, POLLOUT, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLERR | POLLHUP)) != 0;
}

int end_program(int code) {
  errno = 0;
  std::cout.flush();
  const bool whole = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  const int reason = errno;
  if (whole || is_gone(STDOUT_FILENO)) return code;
  const std::string why = reason != 0 ? std::strerror(reason) : "disk full?";  // it failed before
  std::cerr << fmt::format("atelier: stdout: cannot be written ({})\n", why);
  return code == static_cast<int>(Exit::ok) ? static_cast<int>(Exit::failed) : code;
}

}  // namespace core

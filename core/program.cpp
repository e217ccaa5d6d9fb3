#include "core/program.h"

#include <fcntl.h>
#include <hdf5.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "core/error.h"

namespace core {

void begin_program() {
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

#include "training/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace training {

static volatile std::sig_atomic_t received = 0;

static void on_signal(int signal) {
  if (received != 0) _exit(128 + signal);
  received = signal;
}

void watch_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file that may not grow is an error of the write, not the end of the program
}

int interrupted() { return received; }

}  // namespace training

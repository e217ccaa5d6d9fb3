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
}

int interrupted() { return received; }

}  // namespace training

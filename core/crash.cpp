#include "core/crash.h"

#include <dlfcn.h>

#include <csignal>
#include <cstring>

namespace core {

static bool is_caught_by(const char* library, int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  Dl_info owner{};
  return dladdr(reinterpret_cast<void*>(now.sa_handler), &owner) != 0 && owner.dli_fname != nullptr &&
         std::strstr(owner.dli_fname, library) != nullptr;
}

void crash_at_once() {  // a sanitizer's handlers stay: they are another library's
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    if (is_caught_by("libucs", signal)) std::signal(signal, SIG_DFL);
}

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace core

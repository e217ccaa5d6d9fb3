// A program that crashes ends at once, with the signal that says why.
#pragma once

#include <string>

namespace core {

// UCX, which comes with Debian 13's LibTorch, catches the signals of a crash when it is loaded; on a damaged
// heap its handler waits for ever on the allocator's lock. Where it has done so, the system's default is put
// back. First in main of a program that carries LibTorch.
void crash_at_once();

// "SIGSEGV", or "signal 64" where there is no name.
std::string signal_name(int signal);

}  // namespace core

// Starts the programs that lie beside this one, or this one anew where it does their work itself.
#pragma once

#include <string>
#include <vector>

namespace commands {

// For the programs started next, whose libraries read their settings when they are loaded. What the caller
// has set stays.
// libgomp: a worker with nothing to do looks for work for some microseconds, since waking it costs as much as
// ten steps of LunarLander, then sleeps and leaves its core to others.
// UCX, which Debian's LibTorch brings along: it keeps its hands off the signals of a crash (core/crash.h).
void set_libraries();

// Until a run has begun a signal ends the program, with a line where it `speaks`.
void end_on_signals(bool speaks);

// A program of strangers carries LibTorch: from now on it is its own sibling, and `torch` does what needs it.
using Program = int (*)(int argc, char** argv);
void be_own_sibling(Program torch);

// Replaces the present program by its sibling with the same arguments; returns only by an Error.
[[noreturn]] void become_sibling(const std::string& program, char** argv);
// The same with the sibling that carries LibTorch; the exit code, where that is this program itself.
int as_torch_sibling(int argc, char** argv);

// The same in a process forked for it, which ends with an exit code where the sibling cannot be started.
// `words`: the sibling's name, then its command line.
[[noreturn]] void become_forked(std::vector<std::string> words);

}  // namespace commands

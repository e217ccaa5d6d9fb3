// Signals that ask a program to end: it finishes what it is at. HUP, INT, QUIT, TERM, USR1, USR2 and XCPU
// ask; an ignored HUP (nohup) stays ignored. A closed pipe and a file that may not grow are errors of the
// write alone.
#pragma once

#include <exception>

namespace core {

// What a second signal does. It counts half a second or more after the first: timeout, Slurm and wrappers
// send one to a process and to its group, so that two arrive at once.
enum class Second { ends_at_once, is_counted };

// What is said to stderr from within the handler, at once: that the first one was heard, and that a second
// one ends the program. Constants; null: nothing.
struct SignalWords {
  const char *first = nullptr, *second = nullptr;
};

void watch_signals(Second second, SignalWords words = {});
// Where there is nothing to keep yet, one ends the program at once, with these words (null: none) and the
// exit code that a shell expects of it.
void end_on_signals(const char* words);
// The words of the first signal go on with what a step takes, where that is long.
void tell_step_length(double seconds);
// Until released, signals that ask wait: for the program that this one is about to become.
void hold_signals();
void release_signals();
// In a child that is about to become another program: they end it as they end any.
void unwatch_signals();
// The first one that was heard, or 0.
int interrupted();
// How many counted.
int interruptions();

// Thrown out of a look at a learner (an evaluation, pictures) or out of a step that is expendable: what was
// begun is dropped, and done anew when the run goes on.
// A std::exception: LibTorch hands on what an autograd hook throws only if it is one.
struct Interrupted : std::exception {
  explicit Interrupted(int which) : signal(which) {}
  int signal = 0;
};
// Throws it once a signal was heard.
void heed_signals();
// The same, a second after the signal and only within work that was called expendable: a step of learning
// that is about to end is better ended.
void heed_late_signals();
void call_expendable(bool expendable);
bool is_expendable();

}  // namespace core

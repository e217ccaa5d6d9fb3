// Signals that ask a program to end: it finishes what it is at. HUP, INT, QUIT, TERM, USR1, USR2 and XCPU
// ask; an ignored HUP (nohup) stays ignored. A closed pipe and a file that may not grow are errors of the
// write alone.
#pragma once

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
// In a child that is about to become another program: they end it as they end any.
void unwatch_signals();
// The first one that was heard, or 0.
int interrupted();
// How many counted.
int interruptions();

// Thrown out of a look at a learner (an evaluation, pictures) or out of a step that is expendable: what was
// begun is dropped, and done anew when the run goes on.
struct Interrupted {
  int signal = 0;
};
// Throws it once a signal was heard.
void heed_signals();
// The same, a second after the signal and only within work that was called expendable: a step of learning
// that is about to end is better ended.
void heed_late_signals();
void call_expendable(bool expendable);

}  // namespace core

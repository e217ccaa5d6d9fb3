// What is to fail: read once from the environment of a program that tests/faults.sh or a test starts.
#pragma once

#include <cstdint>
#include <string>

namespace faults {

enum class How {
  once,     // call `at` fails
  on,       // and every one after it
  half,     // call `at` writes half of its bytes, and every one after it fails, as on a disk that fills
  killed,   // SIGKILL comes ahead of call `at`
  torn,     // SIGKILL comes in the midst of call `at`, when half of its bytes are written
  counted,  // nothing fails
};

// ATELIER_FAULTS_BELOW: the folder whose files are meant, whole and without links. _AT: which call, from 1.
// _ERROR: ENOSPC, EDQUOT, EIO or EROFS. _HOW: a name from above. _COUNT: a file that the number of calls is
// written to when the program ends. _CLOCK: the clock of the day jumps by so many seconds, there and back.
struct Plan {
  std::string below, count;
  int64_t at = 0, clock = 0;
  int error = 0;
  How how = How::counted;
};

const Plan& plan();

// How many calls there were, into the file COUNT; by itself where the program ends by itself.
void write_count();

// Of a program that waited (warm.cpp): its environment has changed since.
void read_plan_again();

// Whether an open file, or a name, is one of those that are meant.
bool is_meant(int file);
bool is_meant(const char* name);

// Counts one more call: 0 where it shall do its work, else the errno to fail with. `bytes`: written by
// `write_half` where half of the call is to happen.
struct Half {
  int64_t (*write)(const void* call);  // writes half of the bytes; how many, or -1
  const void* call;
};
struct Verdict {
  int error = 0;
  int64_t written = -1;  // of a call that was cut in half
};
Verdict judge(const Half& half = {nullptr, nullptr});

}  // namespace faults

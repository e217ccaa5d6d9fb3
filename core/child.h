// Other programs, started by argument vectors: no shell reads a word of them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace core {

struct Child {
  std::vector<std::string> words;            // a program, looked for in PATH, and its arguments
  std::filesystem::path folder;              // where it works; empty: here
  int input = -1, output = -1, errors = -1;  // open files that become its streams; -1: those of this process
};

struct Started {
  pid_t process = -1;
  int error = 0;  // why it could not be started (errno)
};
Started start(const Child& child);
// Waits for it: its exit code, or 128 and the signal of which it died.
int end_of(pid_t process);

// Runs it to its end: exit code, 127 where it cannot be started.
int run_to_end(const Child& child);
// What it writes to stdout, up to its first line's end, and nothing to stderr; empty where it fails.
std::string first_line_of(const std::vector<std::string>& words);

// Whether PATH leads to a program of this name.
bool is_installed(const std::string& program);

}  // namespace core

// Several runs of the sibling program side by side, one process each, at most one a core.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace commands {

struct Job {
  std::vector<std::string> words;  // the command line after the program's name
  std::filesystem::path folder;    // of the run; its name is the job's
};

// A line of stderr for each job that ends and, on a terminal, one that tells how far all are. Signals that
// ask for an end are passed on, so that every run finishes its step and writes a checkpoint; Ctrl-Z stops
// them all, fg goes on. `quiet`: only what failed has a line. Exit code: 0, 1 when any job failed, 128 +
// signal when interrupted.
int run_jobs(const std::vector<Job>& jobs, bool quiet);

// What the sibling says, its errors too, and its exit code.
struct ProcessOutput {
  std::string output;
  int code = 0;
};
ProcessOutput run_sibling(const std::vector<std::string>& words);

// What the sibling prints; ends this program with the sibling's exit code when it fails.
std::string output_of_sibling(const std::vector<std::string>& words);

}  // namespace commands

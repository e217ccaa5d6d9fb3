// Programs as a user would start them: exit code and everything they print; a scratch folder that goes away.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/places.h"

namespace tests {

struct Output {
  int code = 0;
  std::string text;  // stdout and stderr
};

// A shell command line; "atelier" is the built front program.
inline Output shell(std::string command) {
  command = "PATH='" + programs() + "':$PATH ATELIER_HOME='" + repository() +
            "'; export PATH ATELIER_HOME; " + command;
  Output output;
  FILE* pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) output.text.append(buffer.data(), n);
  const int status = pclose(pipe);
  output.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

// For the beginning of a command line: `wait_for FILE` waits until it is there, half a minute at most, so
// that a run that ended before it wrote one fails the test and does not hold it up for ever.
inline const std::string wait_for =
    "wait_for() { i=0; until [ -e \"$1\" ] || [ $i = 1500 ]; do sleep 0.02; i=$((i + 1)); done; sleep 0.2; "
    "}; ";

// Whether this machine gives out pseudo-terminals; a bare chroot has none.
inline bool has_terminal() {
  const bool has = shell("script -qec true /dev/null < /dev/null").code == 0;
  if (!has) WARN("no pseudo-terminal here: not tried");
  return has;
}

// A command that folders may refuse: root may read and write everything otherwise.
inline std::string as_anyone(const std::string& command) {
  const std::string rights = "-dac_override,-dac_read_search";
  return ::geteuid() != 0 ? command
                          : "setpriv --bounding-set=" + rights + " --inh-caps=" + rights + " " + command;
}

// Starts a command, waits until it has written all of these files and a second longer, then sends the signal;
// the text ends with "code N", what it ended with. However slow the machine is, the command is at work by
// then.
inline Output stopped(const std::string& command, const std::string& signal,
                      const std::vector<std::string>& files) {
  std::string ready = "kill -0 $pid";
  for (const auto& file : files) ready += " && [ " + file + " -nt $marker ]";
  return shell("marker=$(mktemp); sleep 0.1; " + command + " & pid=$!; while kill -0 $pid && ! { " + ready +
               "; }; do sleep 0.1; done; sleep 1; kill -" + signal +
               " $pid; wait $pid; echo code $?; rm $marker");
}

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "atelier-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string str() const { return path_.string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace tests

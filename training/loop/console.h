// The progress line: where the run stands, how fast it is, when it ends, and the metrics that matter. All of
// it goes to stderr: stdout is for what a script catches.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/duration.h"
#include "training/loop/progress.h"

namespace training {

// One line that renews itself on a terminal and plain lines (every 10 s) otherwise; nothing; or, for a
// program that runs several, the share that is done, a line of stdout each second.
enum class ConsoleMode { line, silent, fraction };

class Console {
 public:
  Console(ConsoleMode mode, core::Duration budget, std::vector<std::string> shown);
  // So long nothing was learned, for an evaluation or a save: the rate leaves it out, as the logged one does.
  void idle(double seconds) { idle_ += seconds; }
  // At most ten times a second; the clock decides.
  void tick(const Counters& counters, const std::map<std::string, double>& latest);
  // A lasting line; ends the progress line first. One of several parts goes on in lines of their own where a
  // terminal is too narrow for it.
  void say(const std::string& line);
  void say(const std::vector<std::string>& parts, const std::string& between = " | ");
  void done(const Counters& counters, const std::map<std::string, double>& latest);

 private:
  void print(const Counters& counters, const std::map<std::string, double>& latest, bool last);
  std::string standing(const Counters& counters) const;
  std::string overrun(const Counters& counters) const;
  std::vector<std::string> extras(const Counters& counters,
                                  const std::map<std::string, double>& latest) const;
  std::vector<std::string> closing(const Counters& counters,
                                   const std::map<std::string, double>& latest) const;
  std::string pace(const Counters& counters, const std::map<std::string, double>& latest) const;
  std::string remaining(const Counters& counters) const;
  bool rates_are_known(const Counters& counters) const;

  ConsoleMode mode_;
  bool live_;
  core::Duration budget_;
  std::vector<std::string> shown_;  // metrics
  double started_, printed_;
  double began_ = 0;  // when the first step had been taken, and what it had come to
  double idle_ = 0;   // seconds since then in which nothing was learned
  Counters first_;
  bool whole_ = false;  // a line has said that all steps are taken
  bool open_ = false;   // a progress line stands unfinished
};

}  // namespace training

// The progress line: where the run stands, how fast it is, when it ends, and the metrics that matter.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/duration.h"
#include "training/loop/progress.h"

namespace training {

class Console {
 public:
  // One line that renews itself on a terminal, plain lines (every 10 s) otherwise, nothing when quiet.
  Console(bool quiet, core::Duration budget, std::vector<std::string> shown);
  // At most ten times a second; the clock decides.
  void tick(const Counters& counters, const std::map<std::string, double>& latest);
  // A lasting line; ends the progress line first.
  void say(const std::string& line);
  void done(const Counters& counters, const std::map<std::string, double>& latest);

 private:
  void print(const Counters& counters, const std::map<std::string, double>& latest, bool last);

  bool quiet_, terminal_;
  core::Duration budget_;
  std::vector<std::string> shown_;  // metrics
  double started_, printed_;
  double amount_at_start_ = -1;
  Counters first_;
  bool open_ = false;  // a progress line stands unfinished
};

}  // namespace training

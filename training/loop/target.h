// What an experiment is meant to reach, as its file says; `atelier results` holds runs against it.
#pragma once

#include <string>
#include <vector>

#include "core/duration.h"
#include "core/options.h"

namespace training {

struct Target {
  std::string metric;
  bool at_least = true;  // else at most
  double value = 0;

  bool reached(double found) const { return at_least ? found >= value : found <= value; }
  std::string str() const;  // "eval/return_greedy >= 475"
};

struct TargetOptions {
  std::vector<std::string> reach;
  double share = 1;
  std::string checkpoint = "best", judge;
  core::Duration budget{0, core::Unit::run};  // the source's
  std::string source;

  void fields(core::Fields& f);
  // Error when a line of `reach` is not "METRIC >= NUMBER" or "METRIC <= NUMBER".
  std::vector<Target> targets(const std::string& where = "") const;
};

}  // namespace training

// A sweep's file: which keys of an experiment take which values, and the trials that follow.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"

namespace core {

struct SweepRange {
  double min = 0, max = 1;
  std::string scale = "linear";  // linear | log
  bool whole = false;
  void fields(Fields& f);
};

struct SweepKey {
  std::string name;                 // "optim.lr"
  Source source;                    // where the file names it
  std::vector<std::string> values;  // YAML flow text; empty for a range
  std::optional<SweepRange> range;
};

struct Halving {
  std::string unit = "env_steps";
  std::vector<double> budgets;
  double keep = 1.0 / 3;
  size_t kept(size_t trials) const;  // rounded, at least one
  void fields(Fields& f);
};

struct SweepPlan {
  std::string name, experiment, method = "grid";
  int64_t trials = 16, seed = 0;
  Halving halving;
  std::vector<SweepKey> keys;
  std::vector<std::vector<std::string>> values;  // [trial][key]; a function of the file alone

  void fields(Fields& f);
};

// Error with file, line and column: an empty sweep, a key without values, a range in a grid or an ablation.
SweepPlan read_plan(const std::filesystem::path& file);

}  // namespace core

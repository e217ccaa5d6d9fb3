// What a report knows of runs: read once, grouped by config (seeds aside).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/run_log.h"

namespace analysis {

struct Run {
  std::filesystem::path folder;
  std::shared_ptr<core::RunFile> file;
  std::map<std::string, std::string> attributes;  // of the file's root
  std::map<std::string, std::string> config;      // dotted key -> value
  std::string config_text;                        // YAML as written
  std::vector<core::Metric> metrics;
  std::string state;  // finished | running | interrupted | failed | crashed ... | stale ...
  core::Row last;     // the largest counters of any metric

  std::string attribute(const std::string& name) const;  // "" when absent
  std::string name() const;
  double cpu_seconds() const;   // processor time of all sittings
  double wall_seconds() const;  // by the clock; of runs that do not tell it that of their newest row
};

// Error when it cannot be read.
Run load_run(const std::filesystem::path& folder);

// Runs whose configs differ in the seed alone.
struct Group {
  std::string label;      // the name, and what sets it apart where names are equal
  std::vector<Run> runs;  // in order of seed
  const Run& first() const { return runs.front(); }
  std::string states() const;  // "9 finished, 1 failed"
};

struct Runs {
  std::vector<Group> groups;
  std::vector<std::string> unread;  // one line for each run that could not be read
};
// Every path may be a run folder or a folder of seeds. Error when nothing can be read.
Runs load_runs(const std::vector<std::filesystem::path>& paths);

// dotted key -> one value per group, for the keys that differ (seed aside); "-" where a group lacks it.
std::map<std::string, std::vector<std::string>> differences(const std::vector<Group>& groups);

// One line for each group whose figures need a warning: runs that are not finished and where they stand,
// seeds that are there twice.
std::vector<std::string> remarks(const std::vector<Group>& groups);

}  // namespace analysis

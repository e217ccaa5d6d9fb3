// What a report knows of runs: read once, grouped by config (seeds aside), summed up.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/run_log.h"
#include "render/statistics.h"

namespace render {

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

// One metric of one group.
struct Summary {
  core::Metric metric;
  int better = 0;              // 1: more is better, -1: less, 0: nobody said
  std::vector<double> finals;  // the last value of each run that has one
  Interval final, best;        // over seeds; best is empty (n = 0) when nobody said what better means
  Curve curve;                 // over environment steps (agents) or steps
  std::string x;               // the axis' words
};
// Nothing when no run of the group has a row of it.
std::optional<Summary> summarise(const Group& group, const std::string& metric);
// Every metric of any group: the score first, then eval, test, train, the others, time.
std::vector<std::string> metric_names(const std::vector<Group>& groups);

}  // namespace render

// Metrics and pictures of runs for other programs: CSV, TensorBoard's event files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace analysis {

struct MetricsExport {
  std::vector<std::filesystem::path> folders;  // of runs
  std::vector<std::string> metrics;            // all when empty
  std::string out;
};

// One row for each row of each metric. Error when a run holds none.
void export_csv(const MetricsExport& wanted);
// An event file for each run below the folder `out`, with its pictures where no metric is named.
void export_tensorboard(const MetricsExport& wanted);

}  // namespace analysis

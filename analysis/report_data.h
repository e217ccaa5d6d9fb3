// Everything that a report says, gathered once for the terminal, the page and the charts' files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/comparison.h"
#include "analysis/diagnosis/diagnosis.h"
#include "analysis/paired.h"
#include "analysis/summary.h"

namespace analysis {

struct RunFinding {
  std::string run, seed;
  diagnosis::Finding finding;
};

struct ReportData {
  Runs runs;
  std::vector<RunFinding> findings;      // of every run
  std::vector<Axis> axes;                // counted_axes of the runs
  std::vector<MetricSummaries> metrics;  // those with rows
  Comparison comparison;
  std::vector<PairedDifference> paired;
};
// Error when no run can be read.
ReportData collect_report_data(const std::vector<std::filesystem::path>& paths);

// 0 in every row of every run, and nobody said what better means: a rate of what is not counted, a part that
// is switched off. It has no chart.
bool is_idle(const MetricSummaries& metric);

// Whether a group has too few seeds for an interval.
bool lacks_seeds(const ReportData& data);
inline constexpr const char* needs_seeds = "One seed or two have no interval: it needs more seeds.";

using TextTable = std::vector<std::vector<std::string>>;  // the head first

// One row per group: name, learner, seeds, steps, state, wall and CPU time.
TextTable run_table(const ReportData& data);
// One line per finding: "ppo, seed 3: relapse: ...".
std::vector<std::string> diagnosis_lines(const ReportData& data);
// One row per metric and group: seeds with a value, final value, interquartile mean, best where better has a
// meaning. `all`: train and time metrics too.
TextTable metric_table(const ReportData& data, bool all);
// One row per method that has every one of several tasks: its interquartile mean over them. Empty without
// two.
TextTable aggregate_table(const ReportData& data);
// One row per pair of methods: the chance that a run of the one beats a run of the other. Empty without a
// pair.
TextTable pairwise_table(const ReportData& data);
// One row per pair of methods that saw the same draws of data. Empty without a pair.
TextTable paired_table(const ReportData& data);
inline constexpr const char* paired_sentence =
    "On test data, draw by draw of the same seed and data.seed: how much more the one has than the other, "
    "mean "
    "[95 % t interval over draws].";

}  // namespace analysis

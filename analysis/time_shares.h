// Where runs' time went, by what they have logged of it: time/data_s, time/forward_s, ...
#pragma once

#include <string>

#include "analysis/report_data.h"

namespace analysis {

// One row per group: what share of the time each part took, mean over seeds. Empty where no run says it.
TextTable time_table(const ReportData& data);
inline constexpr const char* time_sentence = "Where the time went, all sittings together.";

// What a chart over time would say nothing of: a run's time so far, part by part, and what is logged once.
bool has_no_curve(const MetricSummaries& metric);

}  // namespace analysis

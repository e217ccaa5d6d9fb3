// The report's charts: every metric over every axis, and how the seeds' scores are spread.
#pragma once

#include <string>
#include <vector>

#include "analysis/charts.h"
#include "analysis/report_data.h"

namespace analysis {

// All of them, for files: AXIS/mean/METRIC, AXIS/iqm/METRIC and profiles/TASK, slashes in names as dashes.
std::vector<Chart> report_charts(const ReportData& data);

// The page's section of curves: axis and statistic are chosen by buttons that need no script. `notes` gathers
// what could not be drawn.
std::string curves_html(const ReportData& data, std::vector<std::string>& notes);
// Its style, for the page's head.
std::string curves_style();

// The section that sets methods against each other: profiles and chances. Empty when there is nothing to
// compare.
std::string comparison_html(const ReportData& data);

}  // namespace analysis

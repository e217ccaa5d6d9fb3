// The report's charts: every metric over every axis, and how the seeds' scores are spread.
#pragma once

#include <string>
#include <vector>

#include "analysis/charts.h"
#include "analysis/findings.h"

namespace analysis {

// All of them, for files: AXIS/mean/METRIC, AXIS/iqm/METRIC and profiles/TASK, slashes in names as dashes.
std::vector<Chart> report_charts(const Findings& findings);

// The page's section of curves: axis and statistic are chosen by buttons that need no script. `notes` gathers
// what could not be drawn.
std::string curves_html(const Findings& findings, std::vector<std::string>& notes);
// Its style, for the page's head.
std::string curves_style();

// The section that sets methods against each other: profiles and chances. Empty when there is nothing to
// compare.
std::string comparison_html(const Findings& findings);

}  // namespace analysis

// The report's HTML, section by section.
#pragma once

#include <string>
#include <vector>

#include "analysis/report_data.h"

namespace analysis {

// The whole page. `notes` gathers what could not be shown, one line each.
std::string report_page(const ReportData& data, std::vector<std::string>& notes);

}  // namespace analysis

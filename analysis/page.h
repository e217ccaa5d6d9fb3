// The report's HTML, section by section.
#pragma once

#include <string>
#include <vector>

#include "analysis/findings.h"

namespace analysis {

// The whole page. `notes` gathers what could not be shown, one line each.
std::string report_page(const Findings& findings, std::vector<std::string>& notes);

}  // namespace analysis

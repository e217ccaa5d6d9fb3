// `atelier report`: what runs did, as a table in the terminal, as one HTML file that needs no network, and as
// charts.
#pragma once

#include <filesystem>
#include <optional>
#include <ostream>
#include <vector>

namespace analysis {

struct ReportFiles {
  std::optional<std::filesystem::path> html;    // written whole or not at all
  std::optional<std::filesystem::path> charts;  // a folder: every chart as SVG, PNG and PDF
};

// `runs`: run folders or folders of seeds; grouped by config, the seed aside. The table goes to `out`. Error
// when no run can be read or a file cannot be written. What else is missing (gnuplot, ffmpeg, one torn run of
// several, an episode that cannot be drawn) is said and passed over.
void report(const std::vector<std::filesystem::path>& runs, const ReportFiles& files, std::ostream& out);

}  // namespace analysis

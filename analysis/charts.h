// Curves drawn by gnuplot, for a page and for files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "render/statistics.h"

namespace analysis {

struct Line {
  render::Curve curve;
  size_t group;       // picks the colour, and from the eighth on dashes
  std::string label;  // in the legend of a file
};

// One chart: a line for each curve, its intervals as a band.
struct Chart {
  std::string file;   // path without its ending, inside of the folder of charts
  std::string title;  // of a file; on the page words around it say what it is
  std::string x, y;   // words of the axes
  std::vector<Line> lines;
  bool share = false;  // y runs from 0 to 1
  bool log_x = false;  // every x is positive
};

// One SVG element for each chart, ready to stand in HTML; nothing when gnuplot (Debian: gnuplot-nox) is not
// installed.
std::optional<std::vector<std::string>> svg_charts(const std::vector<Chart>& charts);

// Each chart with title and legend as FOLDER/<file>.svg, .png and .pdf; how many files, nothing when gnuplot
// is not installed. Error when the folder does not take them.
std::optional<size_t> write_charts(const std::vector<Chart>& charts, const std::filesystem::path& folder);

}  // namespace analysis

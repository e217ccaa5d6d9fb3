// Curves drawn by gnuplot.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/canvas.h"
#include "render/statistics.h"

namespace render {

struct Line {
  Curve curve;
  core::Color color;
};

// One chart: the mean as a line, its interval as a band.
struct Chart {
  std::string x, y;  // words of the axes
  std::vector<Line> lines;
};

// One SVG element for each chart, ready to stand in HTML; nothing when gnuplot (Debian: gnuplot-nox) is not
// installed.
std::optional<std::vector<std::string>> svg_charts(const std::vector<Chart>& charts);

}  // namespace render

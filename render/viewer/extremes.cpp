#include "render/viewer/extremes.h"

#include <algorithm>
#include <cmath>

namespace render {

std::vector<Column> extremes(const Series& rows, double left, double right, size_t columns) {
  std::vector<Column> found;
  const double per_x = right > left ? static_cast<double>(columns) / (right - left) : 0;
  for (size_t k = 0; k < rows.x.size(); ++k) {
    const double x = rows.x[k], y = rows.y[k];
    if (x < left || x > right || !std::isfinite(y)) continue;
    const size_t at = std::min(columns - 1, static_cast<size_t>((x - left) * per_x));
    if (found.empty() || found.back().at != at) found.push_back({at, y, y});
    found.back().low = std::min(found.back().low, y);
    found.back().high = std::max(found.back().high, y);
  }
  return found;
}

}  // namespace render

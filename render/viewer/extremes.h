// What a plot can show of more rows than it has pixels: each column's lowest and highest value.
#pragma once

#include <cstddef>
#include <vector>

#include "render/statistics.h"

namespace render {

struct Column {
  size_t at = 0;  // 0 .. columns - 1
  double low = 0, high = 0;
};

// Of the rows with left <= x <= right, in `columns` equal parts; parts without a finite value are left out.
// rows.x must not decrease.
std::vector<Column> extremes(const Series& rows, double left, double right, size_t columns);

}  // namespace render

// Straightforward sums; tests compare them with a naive twin.
#include "render/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace render {

static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double t_quantile(int64_t freedom) {
  static constexpr std::array<double, 30> table{
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
      2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
      2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
  if (freedom <= 30) return table[static_cast<size_t>(std::max<int64_t>(freedom, 1) - 1)];
  const double z = 1.959963985, v = static_cast<double>(freedom), z3 = z * z * z, z5 = z3 * z * z,
               z7 = z5 * z * z;
  return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
}

Interval mean_interval(std::span<const double> values) {
  const auto n = static_cast<int64_t>(values.size());
  if (n == 0) return {0, nan, nan, nan};
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(n);
  if (n == 1) return {1, mean, nan, nan};
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double error = std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
  const double reach = t_quantile(n - 1) * error;
  return {n, mean, mean - reach, mean + reach};
}

Series thin(std::span<const double> x, std::span<const double> y, size_t bins) {
  return thin(
      x.size(), [&](size_t k) { return x[k]; }, [&](size_t k) { return y[k]; }, bins);
}

Interval positive_interval(std::span<const double> values) {
  Interval interval = mean_interval(values);
  const auto least = std::min_element(values.begin(), values.end());
  if (interval.n < 2 || !std::isfinite(interval.value) || *least < 0) return interval;
  if (*least == 0) return {interval.n, interval.value, std::max(0.0, interval.low), interval.high};
  const double factor = std::exp((interval.high - interval.value) / interval.value);
  return {interval.n, interval.value, interval.value / factor, interval.value * factor};
}

double value_at(const Series& s, double x) {
  if (s.x.empty() || x < s.x.front() || x > s.x.back()) return nan;
  const auto above = static_cast<size_t>(std::lower_bound(s.x.begin(), s.x.end(), x) - s.x.begin());
  if (s.x[above] == x) return s.y[above];
  const double t = (x - s.x[above - 1]) / (s.x[above] - s.x[above - 1]);
  return s.y[above - 1] + t * (s.y[above] - s.y[above - 1]);
}

// Whether the shorter one's rows stand where the longer one's first ones do.
static bool begins(const Series& longer, const Series& shorter) {
  return std::equal(shorter.x.begin(), shorter.x.end(), longer.x.begin());
}

// Every x at which any run has a row; equal steps where these are more than `points`.
static std::vector<double> grid_over(std::span<const Series> runs, size_t points) {
  std::vector<double> grid;
  for (const Series& run : runs) grid.insert(grid.end(), run.x.begin(), run.x.end());
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  if (grid.size() <= points) return grid;
  const double low = grid.front(), high = grid.back();
  grid.assign(points, high);
  for (size_t k = 0; k + 1 < points; ++k)
    grid[k] = low + static_cast<double>(k) / static_cast<double>(points - 1) * (high - low);
  return grid;
}

double nearly_at(const Series& s, double x) {
  if (s.x.size() < 2) return value_at(s, x);
  const double step = (s.x.back() - s.x.front()) / static_cast<double>(s.x.size() - 1);
  const double lacks = std::max(s.x.front() - x, x - s.x.back());
  return value_at(s, lacks < step ? std::clamp(x, s.x.front(), s.x.back()) : x);
}

static constexpr size_t most_seen = 1000;  // points of single runs in a chart

Curve aggregate(std::span<const Series> runs, size_t points, const Aggregation& aggregation) {
  const Series* longest = nullptr;
  size_t alive = 0, rows = 0;
  for (const Series& run : runs) {
    if (!run.x.empty()) {
      ++alive;
      rows += run.x.size();
    }
    if (!run.x.empty() && (!longest || longest->x.size() < run.x.size())) longest = &run;
  }
  Curve curve;
  if (!longest) return curve;
  curve.grid =
      !std::all_of(runs.begin(), runs.end(), [&](const Series& run) { return begins(*longest, run); });
  std::vector<double> values;
  for (const double x : curve.grid ? grid_over(runs, points) : longest->x) {
    values.clear();
    for (const Series& run : runs)
      if (const double y = curve.grid ? nearly_at(run, x) : value_at(run, x); !std::isnan(y))
        values.push_back(y);
    if (2 * values.size() < alive) continue;
    curve.x.push_back(x);
    curve.y.push_back(aggregation(values));
    Interval& at = curve.y.back();
    if (at.n < fewest_seeds) at.low = at.high = nan;
  }
  if (alive > 1 && rows <= most_seen) curve.runs.assign(runs.begin(), runs.end());
  return curve;
}

}  // namespace render

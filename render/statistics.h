// Means over seeds and how sure they are; curves of many runs on one grid.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace render {

// 0.975 quantile of Student's t with `freedom` >= 1 degrees: tabulated to 30, beyond by the Cornish-Fisher
// expansion (Abramowitz & Stegun 26.7.5), right to 1e-4.
double t_quantile(int64_t freedom);

// What n values, one a seed, say together, and the 95 % interval around it. low and high are NaN when they
// tell nothing.
struct Interval {
  int64_t n = 0;
  double value = 0, low = 0, high = 0;
};

// Mean over seeds with its 95 % t interval, mean -+ t(n - 1) s / sqrt(n): independent seeds, roughly normal
// values. Of one value low and high are NaN; of none everything is. Values that are not finite make the mean
// so.
Interval mean_interval(std::span<const double> values);

// The same for a quantity that cannot be 0 or less, such as a rate: the interval on the logarithm's scale,
// mean times or divided by exp(t(n - 1) s / sqrt(n) / mean), so that it stays positive. Values of which one
// is 0 have mean_interval's from 0 on, values of which one is negative the whole of it.
Interval positive_interval(std::span<const double> values);

// Fewer seeds than these say too little for an interval: Student's t of two spans hundreds of deviations.
inline constexpr int64_t fewest_seeds = 3;

// One run's metric over x, thinned: x strictly increasing.
struct Series {
  std::vector<double> x, y;
};
// Means of y in at most `bins` equal parts of x's range (not fewer than there are rows, then every row
// stays). x must not decrease; each part's x is the mean of its rows'.
Series thin(std::span<const double> x, std::span<const double> y, size_t bins);
// The same of rows that stand elsewhere: x(k) and y(k) are those of row k.
template <typename X, typename Y>
Series thin(size_t rows, const X& x, const Y& y, size_t bins) {
  Series thinned;
  if (rows == 0) return thinned;
  const double low = x(0), width = (x(rows - 1) - low) / static_cast<double>(bins);
  const bool whole = rows <= bins || width <= 0;
  const auto part = [&](size_t k) { return std::min(bins - 1, static_cast<size_t>((x(k) - low) / width)); };
  for (size_t first = 0, last; first < rows; first = last) {
    double sum_x = 0, sum_y = 0;
    for (last = first; last < rows && (whole ? x(last) == x(first) : part(last) == part(first)); ++last) {
      sum_x += x(last);
      sum_y += y(last);
    }
    thinned.x.push_back(sum_x / static_cast<double>(last - first));
    thinned.y.push_back(sum_y / static_cast<double>(last - first));
  }
  return thinned;
}
// Linear between the points; NaN outside of them.
double value_at(const Series& series, double x);

// Linear between the points; beyond them, by less than a step of the series (the mean one), the nearest
// one's.
double nearly_at(const Series& series, double x);

// Several runs over x as one line. At every x it is taken over those runs that reach it; where fewer than
// half of them do there is no point, for the mean of a few would jump. low and high are NaN where there are
// fewer than fewest_seeds.
struct Curve {
  std::vector<double> x;
  std::vector<Interval> y;
  bool grid = false;              // between the runs' own points, which stand at different x
  std::vector<Series> runs = {};  // each one's own points, where they are few enough to be seen
};
// What one number of each run makes at an x: mean_interval or another.
using Aggregation = std::function<Interval(std::span<const double>)>;
// Where the runs have their rows, as far as they go, if they have them at the same x: so one run is its own
// points. Else at every x of any run, or on a grid of `points` equal steps where these are more, by
// nearly_at(): so the mean of runs that end a little apart ends at the mean of their last values.
Curve aggregate(std::span<const Series> runs, size_t points, const Aggregation& aggregation = mean_interval);

}  // namespace render

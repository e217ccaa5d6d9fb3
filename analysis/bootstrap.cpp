// A draw is a weight for each run, so that every statistic is a weighted sum, computed for all draws at once.
#include "analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "core/random.h"

namespace analysis {

static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

static std::vector<double> pooled(const Scores& scores) {
  std::vector<double> all;
  for (const auto& task : scores) all.insert(all.end(), task.begin(), task.end());
  return all;
}

static bool holds_nan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

double interquartile_mean(const Scores& scores) {
  std::vector<double> all = pooled(scores);
  if (all.empty() || holds_nan(all)) return nan;
  std::sort(all.begin(), all.end());
  const auto cut = static_cast<std::ptrdiff_t>(all.size() / 4);
  const double sum = std::accumulate(all.begin() + cut, all.end() - cut, 0.0);
  return sum / static_cast<double>(all.size() - 2 * static_cast<size_t>(cut));
}

double share_above(const Scores& scores, double threshold) {
  const std::vector<double> all = pooled(scores);
  const auto above = std::count_if(all.begin(), all.end(), [&](double score) { return score > threshold; });
  return static_cast<double>(above) / static_cast<double>(all.size());
}

static double beats(double x, double y) { return x > y ? 1 : x == y ? 0.5 : 0; }

double probability_of_improvement(const Scores& x, const Scores& y) {
  core::check(x.size() == y.size(), "methods of {} and {} tasks cannot be compared", x.size(), y.size());
  double sum = 0;
  for (size_t task = 0; task < x.size(); ++task) {
    double wins = 0;
    for (const double a : x[task])
      for (const double b : y[task]) wins += beats(a, b);
    sum += wins / static_cast<double>(x[task].size() * y[task].size());
  }
  return sum / static_cast<double>(x.size());
}

Resamples::Resamples(const Scores& scores, uint64_t seed, size_t draws) : draws_(draws) {
  size_t runs = 0;
  for (const auto& task : scores) {
    runs += task.size();
    tells_ |= task.size() > 1;
  }
  times_.resize(runs * draws);
  core::Pcg64 random(seed);
  for (size_t draw = 0; draw < draws; ++draw) {
    size_t first = 0;  // run of the task
    for (const auto& task : scores) {
      for (size_t k = 0; k < task.size(); ++k) {
        const auto run = first + static_cast<size_t>(random.integers(0, static_cast<int64_t>(task.size())));
        times_[run * draws + draw] += 1;
      }
      first += task.size();
    }
  }
}

// numpy.percentile(values, 100 * share)
static double percentile(std::vector<double>& values, double share) {
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), below, values.end());
  if (below + 1 == values.end()) return *below;
  return *below + (at - std::floor(at)) * (*std::min_element(below + 1, values.end()) - *below);
}

static render::Interval interval(size_t runs, double value, std::vector<double> drawn) {
  const double low = percentile(drawn, 0.025);
  return {static_cast<int64_t>(runs), value, low, percentile(drawn, 0.975)};
}

static render::Interval without_ends(size_t runs, double value) {
  return {static_cast<int64_t>(runs), value, nan, nan};
}

// The runs in ascending order, each as often as it was drawn: those between `cut` and n - cut count.
static std::vector<double> middle_means(const std::vector<double>& all, const Resamples& resamples) {
  std::vector<size_t> ascending(all.size());
  std::iota(ascending.begin(), ascending.end(), size_t{0});
  std::sort(ascending.begin(), ascending.end(), [&](size_t a, size_t b) { return all[a] < all[b]; });
  const auto cut = static_cast<double>(all.size() / 4), end = static_cast<double>(all.size()) - cut;
  std::vector<double> passed(resamples.draws()), sums(resamples.draws());
  for (const size_t run : ascending) {
    const std::span<const double> times = resamples.times(run);
    for (size_t draw = 0; draw < times.size(); ++draw) {
      const double before = passed[draw], after = before + times[draw];
      const double kept = std::max(0.0, std::min(after, end) - std::max(before, cut));
      passed[draw] = after;
      sums[draw] += kept * all[run];
    }
  }
  for (double& sum : sums) sum /= end - cut;
  return sums;
}

render::Interval iqm_interval(const Scores& scores, const Resamples& resamples) {
  const std::vector<double> all = pooled(scores);
  const double value = interquartile_mean(scores);
  const bool finite = std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); });
  if (!finite || !resamples.tells()) return without_ends(all.size(), value);
  return interval(all.size(), value, middle_means(all, resamples));
}

render::Interval share_interval(const Scores& scores, double threshold, const Resamples& resamples) {
  const std::vector<double> all = pooled(scores);
  const double value = share_above(scores, threshold);
  if (!resamples.tells()) return without_ends(all.size(), value);
  std::vector<double> shares(resamples.draws());
  for (size_t run = 0; run < all.size(); ++run)
    if (all[run] > threshold)
      for (size_t draw = 0; draw < shares.size(); ++draw) shares[draw] += resamples.times(run)[draw];
  for (double& share : shares) share /= static_cast<double>(all.size());
  return interval(all.size(), value, std::move(shares));
}

render::Interval improvement_interval(const Scores& x, const Scores& y, const Resamples& of_x,
                                      const Resamples& of_y) {
  const double value = probability_of_improvement(x, y);
  const size_t runs = pooled(x).size() + pooled(y).size();
  if (!of_x.tells() && !of_y.tells()) return without_ends(runs, value);
  std::vector<double> drawn(of_x.draws());
  size_t first_x = 0, first_y = 0;
  for (size_t task = 0; task < x.size(); ++task) {
    const double pairs = static_cast<double>(x.size() * x[task].size() * y[task].size());
    for (size_t a = 0; a < x[task].size(); ++a)
      for (size_t b = 0; b < y[task].size(); ++b) {
        const double won = beats(x[task][a], y[task][b]) / pairs;
        const auto times_a = of_x.times(first_x + a), times_b = of_y.times(first_y + b);
        for (size_t draw = 0; draw < drawn.size(); ++draw) drawn[draw] += won * times_a[draw] * times_b[draw];
      }
    first_x += x[task].size();
    first_y += y[task].size();
  }
  return interval(runs, value, std::move(drawn));
}

render::Interval SeedBootstrap::operator()(std::span<const double> values) {
  const Scores scores{{values.begin(), values.end()}};
  if (values.empty()) return without_ends(0, nan);
  const auto draws = made_.try_emplace(values.size(), scores).first;
  return iqm_interval(scores, draws->second);
}

}  // namespace analysis

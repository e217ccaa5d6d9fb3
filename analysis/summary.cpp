// Rows are thinned run by run, so that the whole of one run's rows is in memory at a time.
#include "analysis/summary.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/bootstrap.h"

namespace analysis {

static constexpr size_t bins = 400, points = 120;  // of a run, of a grid: more than a chart can show

const char* axis_key(Axis axis) {
  static constexpr std::array keys{"env_steps", "steps", "samples", "wall"};
  return keys[static_cast<size_t>(axis)];
}

const char* axis_words(Axis axis) {
  static constexpr std::array words{"environment steps", "steps", "samples", "wall time"};
  return words[static_cast<size_t>(axis)];
}

static double count_of(const core::Row& row, Axis axis) {
  if (axis == Axis::wall) return row.wall_s;
  return static_cast<double>(axis == Axis::env_steps ? row.env_steps
                             : axis == Axis::steps   ? row.step
                                                     : row.samples);
}

std::vector<Axis> counted_axes(const std::vector<Group>& groups) {
  const auto counts = [](Axis axis) {
    return [axis](const Run& run) { return count_of(run.last, axis) > 0; };
  };
  std::vector<Axis> counted(all_axes.begin(), all_axes.end());
  std::erase_if(counted, [&](Axis axis) {
    return std::none_of(groups.begin(), groups.end(), [&](const Group& group) {
      return std::any_of(group.runs.begin(), group.runs.end(), counts(axis));
    });
  });
  const bool agents = std::all_of(groups.begin(), groups.end(), [](const Group& group) {
    return group.first().attribute("kind") == "agent";
  });
  if (!agents && counted.size() > 1 && counted[0] == Axis::env_steps) std::swap(counted[0], counted[1]);
  return counted;
}

// The trainer says it for the score; for the others the name tells.
static int better_of(const Group& group, const std::string& metric) {
  if (group.first().attribute("score") == metric)
    return group.first().attribute("score_sign") == "-1" ? -1 : 1;
  const auto has = [&](const char* word) { return metric.find(word) != std::string::npos; };
  if (has("loss") || has("neg_elbo") || has("nll") || has("error") || has("perplexity")) return -1;
  return has("return") || has("accuracy") || has("success") ? 1 : 0;
}

namespace {

// What is gathered of a metric, run after run.
struct Gathered {
  core::Metric metric;
  int better = 0;
  std::vector<double> finals, bests;
  bool zero = true;
  std::map<Axis, std::vector<render::Series>> series;
};

double best_of(const core::Rows& rows, int better) {
  double best = rows[0].value;
  for (size_t k = 1; k < rows.size(); ++k)
    if (better < 0 ? rows[k].value < best : best < rows[k].value) best = rows[k].value;
  return best;
}

bool is_zero(const core::Rows& rows) {
  for (size_t k = 0; k < rows.size(); ++k)
    if (rows[k].value != 0) return false;
  return true;
}

void add_run(Gathered& gathered, const core::Rows& rows, const std::vector<Axis>& axes) {
  gathered.finals.push_back(rows.back().value);
  gathered.zero = gathered.zero && is_zero(rows);
  gathered.bests.push_back(best_of(rows, gathered.better));
  const auto y = [&](size_t k) { return rows[k].value; };
  for (const Axis axis : axes)
    if (count_of(rows.back(), axis) > 0)
      gathered.series[axis].push_back(render::thin(
          rows.size(), [&](size_t k) { return count_of(rows[k], axis); }, y, bins));
}

// An accuracy is a share: its interval ends at 0 and at 1.
render::Interval share_interval(std::span<const double> values) {
  render::Interval interval = render::mean_interval(values);
  interval.low = std::isnan(interval.low) ? interval.low : std::max(0.0, interval.low);
  interval.high = std::isnan(interval.high) ? interval.high : std::min(1.0, interval.high);
  return interval;
}

// Times, rates and lengths are never 0 or less.
render::Aggregation mean_of(const core::Metric& metric) {
  if (metric.name.ends_with("/accuracy")) return share_interval;
  const std::string& unit = metric.unit;
  return unit == "s" || unit == "1/s" || unit == "steps" ? render::positive_interval : render::mean_interval;
}

Summary summarise(Gathered gathered) {
  const render::Aggregation mean = mean_of(gathered.metric);
  Summary summary{.metric = gathered.metric, .better = gathered.better};
  SeedBootstrap bootstrap;
  const auto iqm = [&](std::span<const double> values) { return bootstrap(values); };
  summary.finals = gathered.finals;
  summary.zero = gathered.zero;
  summary.final = mean(summary.finals);
  summary.iqm = iqm(summary.finals);
  if (summary.better == 0) gathered.bests.clear();
  summary.best = mean(gathered.bests);
  for (const auto& [axis, series] : gathered.series)
    summary.curves[axis] = {render::aggregate(series, points, mean), render::aggregate(series, points, iqm)};
  return summary;
}

}  // namespace

std::map<std::string, Summary> summarise(const Group& group, const std::vector<Axis>& axes,
                                         std::vector<diagnosis::Curves>& curves) {
  std::map<std::string, Gathered> all;
  for (const Run& run : group.runs) {
    for (const core::Metric& metric : run.metrics) {
      if (core::is_histogram(metric.name)) continue;
      all[metric.name].metric = metric;
      all[metric.name].better = better_of(group, metric.name);
    }
    diagnosis::Curves& own = curves.emplace_back();
    run.file->each([&](const std::string& metric, const core::Rows& rows) {
      if (core::is_histogram(metric)) return;
      Gathered& gathered = all.at(metric);
      add_run(gathered, rows, axes);
      if (count_of(rows.back(), Axis::steps) > 0)
        diagnosis::add_curve(own, metric, rows[0], gathered.series.at(Axis::steps).back());
    });
  }
  std::map<std::string, Summary> summaries;
  for (auto& [name, gathered] : all)
    if (!gathered.finals.empty()) summaries.emplace(name, summarise(std::move(gathered)));
  return summaries;
}

static int rank_of(const std::string& metric, const std::set<std::string>& scores) {
  if (scores.count(metric)) return 0;
  static constexpr const char* order[] = {"eval/return", "eval/", "test/", "valid/", "train/loss", "train/"};
  for (int k = 0; k < 6; ++k)
    if (metric.rfind(order[k], 0) == 0) return k + 1;
  return metric.rfind("time/", 0) == 0 ? 8 : 7;
}

std::vector<std::string> metric_names(const std::vector<Group>& groups) {
  std::set<std::string> names, scores;
  for (const Group& group : groups)
    for (const Run& run : group.runs) {
      scores.insert(run.attribute("score"));
      for (const core::Metric& metric : run.metrics)
        if (!core::is_histogram(metric.name)) names.insert(metric.name);
    }
  std::vector<std::string> sorted(names.begin(), names.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return rank_of(a, scores) < rank_of(b, scores); });
  return sorted;
}

}  // namespace analysis

// Scores of different tasks have different units: over tasks go chances, as rliable's probability of
// improvement, and scores that lie between the best and the worst run of their task.
#include "analysis/comparison.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace analysis {

namespace {

// One group's place in the comparison.
struct Entry {
  size_t group = 0;
  std::string task, label;      // the task: whatever makes scores comparable; its name
  std::string score, unit;      // the metric's
  double sign = 1;              // -1: less is better
  std::vector<double> results;  // of its seeds, sign applied: more is better
};

// Precision and batch size change how a task is worked on, not the task.
std::string task_of(const Run& run) {
  std::string task = run.attribute("score");
  for (const auto& [key, value] : run.config)
    if ((key.rfind("env.", 0) == 0 || key.rfind("data.", 0) == 0) && key != "env.precision" &&
        key != "data.batch_size")
      task += fmt::format("\n{}: {}", key, value);
  return task;
}

std::string label_of(const Run& run) {
  for (const char* key : {"env.id", "env", "data.name", "data"})
    if (const auto found = run.config.find(key); found != run.config.end()) return found->second;
  return run.name();
}

std::vector<Entry> entries_of(const std::vector<Group>& groups, const std::vector<MetricSummaries>& metrics) {
  std::vector<Entry> entries;
  for (size_t k = 0; k < groups.size(); ++k) {
    const Run& run = groups[k].first();
    const std::string score = run.attribute("score");
    const auto measured = std::find_if(metrics.begin(), metrics.end(),
                                       [&](const MetricSummaries& m) { return m.name == score; });
    if (measured == metrics.end() || !measured->groups[k]) continue;
    const Summary& summary = *measured->groups[k];
    Entry entry{.group = k,
                .task = task_of(run),
                .label = label_of(run),
                .score = score,
                .unit = summary.metric.unit,
                .sign = summary.better < 0 ? -1.0 : 1.0};
    for (const double result : summary.finals)
      if (!std::isnan(result)) entry.results.push_back(entry.sign * result);
    if (!entry.results.empty()) entries.push_back(std::move(entry));
  }
  return entries;
}

// method -> task -> its seeds' results
using Methods = std::map<std::string, std::map<std::string, std::vector<double>>>;

Methods methods_of(const std::vector<Entry>& entries, const std::vector<Group>& groups) {
  std::set<std::string> tasks;
  std::set<std::pair<std::string, std::string>> places;
  for (const Entry& entry : entries) {
    tasks.insert(entry.task);
    places.emplace(entry.task, groups[entry.group].first().attribute("learner"));
  }
  const bool learners = tasks.size() > 1 && places.size() == entries.size();
  Methods methods;
  for (const Entry& entry : entries) {
    const Group& group = groups[entry.group];
    methods[learners ? group.first().attribute("learner") : group.label][entry.task] = entry.results;
  }
  return methods;
}

// On a task where all runs end equal, every run is a best one.
void normalise(const std::vector<std::vector<double>*>& runs) {
  double low = INFINITY, high = -INFINITY;
  for (const auto* results : runs)
    for (const double result : *results) {
      low = std::min(low, result);
      high = std::max(high, result);
    }
  for (auto* results : runs)
    for (double& result : *results) result = low < high ? (result - low) / (high - low) : 1;
}

std::vector<AggregateScore> aggregate_scores(const Methods& methods) {
  std::set<std::string> tasks;
  for (const auto& [method, results] : methods)
    for (const auto& [task, runs] : results) tasks.insert(task);
  std::map<std::string, Scores> scores;
  for (const auto& [method, results] : methods)
    if (results.size() == tasks.size())
      for (const auto& [task, runs] : results) scores[method].push_back(runs);
  std::vector<AggregateScore> aggregates;
  if (tasks.size() < 2 || scores.size() < 2) return aggregates;
  for (size_t task = 0; task < tasks.size(); ++task) {
    std::vector<std::vector<double>*> runs;
    runs.reserve(scores.size());
    for (auto& [method, own] : scores) runs.push_back(&own[task]);
    normalise(runs);
  }
  for (const auto& [method, own] : scores)
    aggregates.push_back({method, tasks.size(), iqm_interval(own, Resamples(own))});
  std::stable_sort(aggregates.begin(), aggregates.end(),
                   [](const AggregateScore& a, const AggregateScore& b) {
                     return std::isnan(b.iqm.value) ? !std::isnan(a.iqm.value) : a.iqm.value > b.iqm.value;
                   });
  return aggregates;
}

int64_t seeds_of(const Scores& scores) {
  size_t all = 0;
  for (const auto& task : scores) all += task.size();
  return static_cast<int64_t>(all);
}

std::vector<PairwiseComparison> pairwise_comparisons(const Methods& methods) {
  std::vector<PairwiseComparison> pairwise;
  for (auto a = methods.begin(); a != methods.end(); ++a)
    for (auto b = std::next(a); b != methods.end(); ++b) {
      Scores x, y;
      for (const auto& [task, results] : a->second)
        if (const auto other = b->second.find(task); other != b->second.end()) {
          x.push_back(results);
          y.push_back(other->second);
        }
      if (x.empty()) continue;
      const bool few = seeds_of(x) < render::fewest_seeds || seeds_of(y) < render::fewest_seeds;
      PairwiseComparison duel{a->first, b->first, x.size(),
                              improvement_interval(x, y, Resamples(x, 0), Resamples(y, 1))};
      if (duel.chance.value < 0.5)  // the better one first
        duel = {b->first, a->first, x.size(), improvement_interval(y, x, Resamples(y, 1), Resamples(x, 0))};
      if (few) duel.chance.low = duel.chance.high = NAN;
      pairwise.push_back(std::move(duel));
    }
  return pairwise;
}

render::Curve profile_of(const Entry& entry, double low, double high) {
  static constexpr int points = 120;
  const Scores scores{entry.results};
  const Resamples resamples(scores);
  render::Curve curve;
  for (int k = 0; k <= points; ++k) {
    const double at = low + (high - low) * k / points;
    curve.x.push_back(at);
    curve.y.push_back(share_interval(scores, entry.sign * at, resamples));
    if (entry.results.size() < render::fewest_seeds) curve.y.back().low = curve.y.back().high = NAN;
  }
  return curve;
}

// A line for each reason, with the first tasks that it holds back.
std::vector<std::string> unshown_lines(const std::map<std::string, std::vector<std::string>>& labels) {
  constexpr size_t most = 3;
  std::vector<std::string> lines;
  for (const auto& [reason, tasks] : labels) {
    const std::vector<std::string> named(tasks.begin(), tasks.begin() + std::min(most, tasks.size()));
    const std::string more = tasks.size() > most ? fmt::format(" and {} more", tasks.size() - most) : "";
    lines.push_back(fmt::format("no performance profile of {}{}: {}", fmt::join(named, ", "), more, reason));
  }
  return lines;
}

void add_profiles(const std::vector<Entry>& entries, Comparison& comparison) {
  std::map<std::string, std::vector<const Entry*>> tasks;
  for (const Entry& entry : entries) tasks[entry.task].push_back(&entry);
  std::map<std::string, std::vector<std::string>> unshown;  // reason -> labels
  for (const auto& [task, here] : tasks) {
    double low = INFINITY, high = -INFINITY;
    size_t most = 0;
    for (const Entry* entry : here)
      for (const double result : entry->results) {
        low = std::min(low, entry->sign * result);
        high = std::max(high, entry->sign * result);
        most = std::max(most, entry->results.size());
      }
    if (most < 2 || !std::isfinite(high - low)) {
      unshown[most < 2 ? "it takes several seeds of one config" : "a score is not finite"].push_back(
          here[0]->label);
      continue;
    }
    const double margin = low < high ? 0.05 * (high - low) : std::max(0.05 * std::abs(low), 0.05);
    Profiles profiles{here[0]->label, here[0]->score, here[0]->unit, here[0]->sign > 0, {}};
    for (const Entry* entry : here)
      profiles.lines.push_back({entry->group, profile_of(*entry, low - margin, high + margin)});
    comparison.profiles.push_back(std::move(profiles));
  }
  comparison.unshown = unshown_lines(unshown);
}

}  // namespace

Comparison compare(const std::vector<Group>& groups, const std::vector<MetricSummaries>& metrics) {
  const std::vector<Entry> entries = entries_of(groups, metrics);
  const Methods methods = methods_of(entries, groups);
  Comparison comparison{.aggregates = aggregate_scores(methods), .pairwise = pairwise_comparisons(methods)};
  add_profiles(entries, comparison);
  return comparison;
}

}  // namespace analysis

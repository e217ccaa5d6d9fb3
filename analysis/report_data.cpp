// Gathering, and the tables.
#include "analysis/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "render/text_table.h"

namespace analysis {

static void add_findings(ReportData& data, const Group& group, const std::vector<diagnosis::Curves>& curves) {
  for (size_t k = 0; k < group.runs.size(); ++k)
    for (diagnosis::Finding& finding : diagnosis::diagnose(group.runs[k], curves[k]))
      data.findings.push_back({group.label, group.runs[k].attribute("seed"), std::move(finding)});
}

ReportData collect_report_data(const std::vector<std::filesystem::path>& paths) {
  ReportData data{.runs = load_runs(paths)};
  const auto& groups = data.runs.groups;
  data.axes = counted_axes(groups);
  std::vector<std::map<std::string, Summary>> summaries;
  summaries.reserve(groups.size());
  for (const Group& group : groups) {
    std::vector<diagnosis::Curves> curves;
    summaries.push_back(summarise(group, data.axes, curves));
    add_findings(data, group, curves);
  }
  for (const std::string& name : metric_names(groups)) {
    MetricSummaries measured{name, {}};
    bool any = false;
    for (const auto& summary : summaries) {
      const auto found = summary.find(name);
      any |= found != summary.end();
      measured.groups.push_back(found == summary.end() ? std::nullopt : std::optional(found->second));
    }
    if (any) data.metrics.push_back(std::move(measured));
  }
  data.comparison = compare(groups, data.metrics);
  data.paired = paired_differences(groups);
  return data;
}

bool is_idle(const MetricSummaries& metric) {
  return std::all_of(metric.groups.begin(), metric.groups.end(),
                     [](const auto& summary) { return !summary || (summary->zero && summary->better == 0); });
}

namespace {

// "250k", or "180k-250k" where runs stand at different steps.
std::string steps_of(const Group& group) {
  const auto less = [](const Run& a, const Run& b) { return a.last.step < b.last.step; };
  const auto [low, high] = std::minmax_element(group.runs.begin(), group.runs.end(), less);
  const std::string least = render::short_count(low->last.step), most = render::short_count(high->last.step);
  return least == most ? most : fmt::format("{}\u2013{}", least, most);
}

std::string mean_time(const Group& group, const std::function<double(const Run&)>& seconds) {
  std::vector<double> values;
  for (const Run& run : group.runs) values.push_back(seconds(run));
  const render::Interval mean = render::mean_interval(values);
  return std::isfinite(mean.value) && mean.value > 0 ? render::short_time(mean.value) : "-";
}

bool is_key(const std::string& metric) {
  const auto in = [&](const char* group) { return metric.rfind(group, 0) == 0; };
  return in("eval/") || in("valid/") || in("test/") || metric == "train/loss" ||
         metric == "time/env_steps_per_s" || metric == "time/samples_per_s";
}

}  // namespace

bool lacks_seeds(const ReportData& data) {
  const auto& groups = data.runs.groups;
  return std::any_of(groups.begin(), groups.end(), [](const Group& group) {
    return static_cast<int64_t>(group.runs.size()) < render::fewest_seeds;
  });
}

TextTable run_table(const ReportData& data) {
  TextTable rows{{"run", "learner", "seeds", "steps", "env steps", "status", "wall", "CPU"}};
  for (const Group& group : data.runs.groups) {
    int64_t env_steps = 0;
    for (const Run& run : group.runs) env_steps = std::max(env_steps, run.last.env_steps);
    rows.push_back({group.label, group.first().attribute("learner"), std::to_string(group.runs.size()),
                    steps_of(group), env_steps ? render::short_count(env_steps) : "-", group.states(),
                    mean_time(group, [](const Run& run) { return run.wall_seconds(); }),
                    mean_time(group, [](const Run& run) { return run.cpu_seconds(); })});
  }
  return rows;
}

std::vector<std::string> diagnosis_lines(const ReportData& data) {
  std::vector<std::string> lines;
  for (const RunFinding& one : data.findings)
    lines.push_back(
        fmt::format("{}, seed {}: {}: {}", one.run, one.seed, one.finding.rule, one.finding.words));
  return lines;
}

TextTable metric_table(const ReportData& data, bool all) {
  const auto& groups = data.runs.groups;
  const bool several = groups.size() > 1;
  TextTable rows{{"metric", "seeds", "final", "IQM", "best"}};
  if (several) rows[0].insert(rows[0].begin() + 1, "run");
  for (const auto& metric : data.metrics) {
    if (!all && (!is_key(metric.name) || is_idle(metric))) continue;
    for (size_t k = 0; k < groups.size(); ++k) {
      const auto& summary = metric.groups[k];
      if (!summary) continue;
      rows.push_back({metric.name, std::to_string(summary->final.n), render::short_interval(summary->final),
                      render::short_interval(summary->iqm), render::short_interval(summary->best)});
      if (several) rows.back().insert(rows.back().begin() + 1, groups[k].label);
    }
  }
  return rows;
}

TextTable aggregate_table(const ReportData& data) {
  TextTable rows;
  for (const AggregateScore& standing : data.comparison.aggregates)
    rows.push_back({standing.method, std::to_string(standing.tasks), render::short_interval(standing.iqm)});
  if (!rows.empty()) rows.insert(rows.begin(), {"runs of", "tasks", "IQM of scaled scores"});
  return rows;
}

TextTable pairwise_table(const ReportData& data) {
  TextTable rows;
  for (const PairwiseComparison& duel : data.comparison.pairwise)
    rows.push_back({duel.method, duel.other, std::to_string(duel.tasks),
                    std::isnan(duel.chance.low)
                        ? fmt::format("{} (needs more seeds)", render::short_number(duel.chance.value))
                        : render::short_interval(duel.chance)});
  if (!rows.empty()) rows.insert(rows.begin(), {"run of", "against", "tasks", "chance to be better"});
  return rows;
}

TextTable paired_table(const ReportData& data) {
  TextTable rows;
  for (const PairedDifference& pair : data.paired)
    rows.push_back({pair.method, pair.other, pair.metric, std::to_string(pair.draws),
                    render::short_interval(pair.difference)});
  if (!rows.empty()) rows.insert(rows.begin(), {"of", "less that of", "metric", "draws", "difference"});
  return rows;
}

}  // namespace analysis

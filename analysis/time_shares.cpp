#include "analysis/time_shares.h"

#include <fmt/format.h>

#include <algorithm>

namespace analysis {

// "forward" of time/forward_s; empty of others.
static std::string part_of(const core::Metric& metric) {
  const std::string& name = metric.name;
  const bool is_part = name.starts_with("time/") && name.ends_with("_s") && metric.unit == "s";
  return is_part && name != "time/cpu_s" ? name.substr(5, name.size() - 7) : "";
}

static std::string part_of(const MetricSummaries& metric) {
  for (const auto& summary : metric.groups)
    if (summary) return part_of(summary->metric);
  return "";
}

bool has_no_curve(const MetricSummaries& metric) {
  return metric.name.starts_with("start/") || !part_of(metric).empty();
}

namespace {

struct PartColumn {
  std::string name;
  const MetricSummaries* metric;
  double all = 0;  // seconds, of all groups
};

double seconds_in(const PartColumn& part, size_t group) {
  const auto& summary = part.metric->groups[group];
  return summary ? summary->final.value : 0;
}

std::vector<PartColumn> part_columns(const ReportData& data) {
  std::vector<PartColumn> columns;
  for (const MetricSummaries& metric : data.metrics) {
    const std::string part = part_of(metric);
    if (part.empty()) continue;
    columns.push_back({part, &metric});
    for (size_t k = 0; k < metric.groups.size(); ++k) columns.back().all += seconds_in(columns.back(), k);
  }
  std::ranges::stable_sort(columns, [](const auto& a, const auto& b) { return a.all > b.all; });
  return columns;
}

}  // namespace

TextTable time_table(const ReportData& data) {
  const std::vector<PartColumn> columns = part_columns(data);
  if (columns.empty()) return {};
  TextTable rows{{"run"}};
  for (const PartColumn& part : columns) rows[0].push_back(part.name);
  for (size_t k = 0; k < data.runs.groups.size(); ++k) {
    double all = 0;
    for (const PartColumn& part : columns) all += seconds_in(part, k);
    if (all <= 0) continue;
    rows.push_back({data.runs.groups[k].label});
    for (const PartColumn& part : columns)
      rows.back().push_back(fmt::format("{:.3g} %", 100 * seconds_in(part, k) / all));
  }
  return rows.size() > 1 ? rows : TextTable{};
}

}  // namespace analysis

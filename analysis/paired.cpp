#include "analysis/paired.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace analysis {

namespace {

using Draw = std::pair<std::string, std::string>;  // seed, data.seed

struct Method {
  Group group;  // one run for all of them, its config without the draw
  std::string metric, unit;
  bool more = true;  // is better
  std::map<Draw, double> values;
};

std::string value_of(const Run& run, const std::string& key) {
  const auto found = run.config.find(key);
  return found == run.config.end() ? "" : found->second;
}

// "test/accuracy" of a score "valid/accuracy"; nothing where it is no measure on held-out data.
std::string test_metric(const Run& run) {
  const std::string score = run.attribute("score"), held = "valid/";
  return score.rfind(held, 0) == 0 ? "test/" + score.substr(held.size()) : "";
}

Run without_draw(Run run) {
  run.config.erase("seed");
  run.config.erase("data.seed");
  return run;
}

void add(const Run& run, std::vector<Method>& methods) {
  const std::string metric = test_metric(run);
  if (metric.empty() || run.state != "finished") return;
  const auto row = run.file->last_row(metric);
  if (!row) return;
  const Run plain = without_draw(run);
  auto known = std::find_if(methods.begin(), methods.end(), [&](const Method& method) {
    return method.group.first().name() == plain.name() && method.group.first().config == plain.config;
  });
  if (known == methods.end()) {
    const auto own = std::find_if(run.metrics.begin(), run.metrics.end(),
                                  [&](const core::Metric& m) { return m.name == metric; });
    methods.push_back({{plain.name(), {plain}},
                       metric,
                       own == run.metrics.end() ? "" : own->unit,
                       run.attribute("score_sign") != "-1",
                       {}});
    known = methods.end() - 1;
  }
  known->values[{value_of(run, "seed"), value_of(run, "data.seed")}] = row->value;
}

// Behind the name what sets apart methods that have it in common.
void label(std::vector<Method>& methods) {
  for (Method& method : methods) {
    std::vector<Group> namesakes;
    size_t own = 0;
    for (const Method& other : methods) {
      if (other.group.first().name() != method.group.first().name()) continue;
      if (&other == &method) own = namesakes.size();
      namesakes.push_back(other.group);
    }
    std::vector<std::string> apart;
    for (const auto& [key, values] : differences(namesakes)) apart.push_back(key + "=" + values[own]);
    if (!apart.empty()) method.group.label += fmt::format(" ({})", fmt::join(apart, ", "));
  }
}

bool told_apart_by_data(const std::vector<Group>& groups) {
  std::set<std::string> seeds;
  for (const Group& group : groups)
    for (const Run& run : group.runs)
      if (run.config.contains("data.seed")) seeds.insert(value_of(run, "data.seed"));
  return seeds.size() > 1;
}

}  // namespace

std::vector<PairedDifference> paired_differences(const std::vector<Group>& groups) {
  std::vector<PairedDifference> all;
  if (!told_apart_by_data(groups)) return all;
  std::vector<Method> methods;
  for (const Group& group : groups)
    for (const Run& run : group.runs) add(run, methods);
  label(methods);
  for (size_t a = 0; a < methods.size(); ++a)
    for (size_t b = a + 1; b < methods.size(); ++b) {
      const Method *one = &methods[a], *other = &methods[b];
      std::vector<double> less;
      for (const auto& [draw, value] : one->values)
        if (const auto same = other->values.find(draw); same != other->values.end())
          less.push_back(value - same->second);
      const bool alike = one->metric == other->metric && value_of(one->group.first(), "data.name") ==
                                                             value_of(other->group.first(), "data.name");
      if (!alike || less.size() < 2) continue;
      if (const double mean = render::mean_interval(less).value; one->more ? mean < 0 : mean > 0) {
        std::swap(one, other);
        for (double& difference : less) difference = -difference;
      }
      all.push_back({one->group.label, other->group.label, one->metric, one->unit, less.size(),
                     render::mean_interval(less)});
    }
  return all;
}

}  // namespace analysis

// Which metric.
#include "render/viewer/curves.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/nearest.h"

namespace render {

static std::vector<std::string> all_metrics(const std::vector<History>& histories) {
  std::set<std::string> names;
  for (const History& history : histories)
    for (const core::Metric& metric : history.metrics())
      if (!core::is_histogram(metric.name)) names.insert(metric.name);
  return {names.begin(), names.end()};
}

// What tells most of a run.
static std::string usual(const std::vector<History>& histories, const std::vector<std::string>& known) {
  for (const std::string& name :
       {histories.front().score(), std::string("eval/return_greedy"), std::string("valid/loss"),
        std::string("train/return"), std::string("train/loss")})
    if (std::find(known.begin(), known.end(), name) != known.end()) return name;
  return known.front();
}

Curves::Curves(const std::vector<std::filesystem::path>& runs, const std::string& metric) {
  std::vector<const LiveRun*> files;
  histories_.reserve(runs.size());
  files.reserve(runs.size());
  for (const auto& folder : runs) files.push_back(&histories_.emplace_back(folder).run());
  labels_ = labels_of(files);
  metrics_ = all_metrics(histories_);
  const std::string wanted = metric.empty() ? usual(histories_, metrics_) : metric;
  const auto at = std::find(metrics_.begin(), metrics_.end(), wanted);
  core::check(at != metrics_.end(), "no run has a metric '{}'{}", wanted, core::suggestion(wanted, metrics_));
  metric_ = static_cast<size_t>(at - metrics_.begin());
  show();
}

void Curves::show() {
  for (History& history : histories_) history.show(metric());
  thinned_.assign(histories_.size(), {});
}

void Curves::turn(int by) {
  const auto count = static_cast<int>(metrics_.size());
  metric_ = static_cast<size_t>(((static_cast<int>(metric_) + by) % count + count) % count);
  show();
}

bool Curves::over_env_steps() const {
  return std::any_of(histories_.begin(), histories_.end(),
                     [](const History& history) { return history.over_env_steps(); });
}

bool Curves::refresh() {
  bool other = false;
  for (size_t k = 0; k < histories_.size(); ++k) {
    if (!histories_[k].refresh()) continue;
    thinned_[k] = {};
    other = true;
  }
  return other;
}

}  // namespace render

#include "render/viewer/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace render {

History::History(const std::filesystem::path& folder)
    : run_(folder, [this](const core::RunFile& file) {
        metrics_ = file.metrics();
        score_ = file.attribute("score");
      }) {
  core::check(!metrics_.empty(), "{}: holds no metric", folder.string());
}

const core::Metric* History::find(const std::string& metric) const {
  const auto at =
      std::find_if(metrics_.begin(), metrics_.end(), [&](const auto& m) { return m.name == metric; });
  return at == metrics_.end() ? nullptr : &*at;
}

// Whether the rows are other ones than before.
bool History::take(const core::RunFile& file) {
  Series rows;
  for (const core::Row& row : file.rows(metric_)) {
    rows.x.push_back(static_cast<double>(row.step));
    rows.y.push_back(row.value);
  }
  const auto equal = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const bool same = rows.x == rows_.x && std::equal(rows.y.begin(), rows.y.end(), rows_.y.begin(), equal);
  rows_ = std::move(rows);
  low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  for (const double value : rows_.y)
    if (std::isfinite(value)) low_ = std::min(low_, value), high_ = std::max(high_, value);
  return !same;
}

bool History::show(const std::string& metric) {
  if (metric == metric_) return false;
  metric_ = metric, rows_ = {}, low_ = 1, high_ = 0;
  if (!run_.read([this](const core::RunFile& file) { take(file); })) run_.forget();
  return true;
}

bool History::refresh() {
  bool other = false;
  run_.reread([&](const core::RunFile& file) { other = take(file); });
  return other;
}

std::optional<size_t> History::row_at(int64_t step) const {
  const auto next = std::upper_bound(rows_.x.begin(), rows_.x.end(), static_cast<double>(step));
  if (next == rows_.x.begin()) return std::nullopt;
  return static_cast<size_t>(next - rows_.x.begin()) - 1;
}

}  // namespace render

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

static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

static double x_of(const core::Row& row) {
  return static_cast<double>(row.env_steps > 0 ? row.env_steps : row.step);
}

// Rows are only ever added: where the last one is known, all are.
bool History::knows(const std::optional<core::Row>& last) const {
  if (!last || rows_.x.empty()) return !last && rows_.x.empty();
  return x_of(*last) == rows_.x.back() && same(last->value, rows_.y.back());
}

// Whether the rows are other ones than before.
bool History::take(const core::RunFile& file) {
  const auto last = file.last_row(metric_);
  if (knows(last)) return false;
  over_env_steps_ = last && last->env_steps > 0;
  Series rows;
  for (const core::Row& row : file.rows(metric_)) {
    rows.x.push_back(over_env_steps_ ? static_cast<double>(row.env_steps) : static_cast<double>(row.step));
    rows.y.push_back(row.value);
  }
  rows_ = std::move(rows);
  low_ = std::numeric_limits<double>::infinity();
  high_ = -low_;
  for (const double value : rows_.y)
    if (std::isfinite(value)) {
      low_ = std::min(low_, value);
      high_ = std::max(high_, value);
    }
  return true;
}

bool History::show(const std::string& metric) {
  if (metric == metric_) return false;
  metric_ = metric;
  rows_ = {};
  low_ = 1;
  high_ = 0;
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

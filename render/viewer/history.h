// One run's values of one metric over training.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "render/statistics.h"
#include "render/viewer/live_run.h"

namespace render {

class History {
 public:
  // Error when the run holds no metric.
  explicit History(const std::filesystem::path& folder);

  const LiveRun& run() const { return run_; }
  const std::vector<core::Metric>& metrics() const { return metrics_; }
  const core::Metric* find(const std::string& metric) const;  // null when the run has none of that name
  const std::string& score() const { return score_; }         // the metric that counts; "" when it says none

  // From now on this metric; true when that gave other rows than before. While the file cannot be read there
  // are none, and the next refresh tries again.
  bool show(const std::string& metric);
  // Looks whether the file has grown; true when there are other rows.
  bool refresh();

  // Value over env steps, by which agents compare, else over training steps.
  const Series& rows() const { return rows_; }
  bool over_env_steps() const { return over_env_steps_; }
  double low() const { return low_; }                // least finite value; above high() when there is none
  double high() const { return high_; }              // largest one
  std::optional<size_t> row_at(int64_t step) const;  // the last one at or before it, of rows()' steps

 private:
  bool knows(const std::optional<core::Row>& last) const;
  bool take(const core::RunFile& file);

  std::vector<core::Metric> metrics_;
  std::string score_, metric_;
  LiveRun run_;
  Series rows_;
  bool over_env_steps_ = false;
  double low_ = 1, high_ = 0;
};

}  // namespace render

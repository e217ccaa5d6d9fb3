#include "envs/wrappers/running_mean_std.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace envs {

void RunningMeanStd::set_columns(size_t columns) {
  if (this->columns() == columns) return;
  core::check(mean_.empty(), "statistics of {} numbers, where a row has {}", mean_.size(), columns);
  mean_.assign(columns, 0);
  variance_.assign(columns, 1);
  batch_ = batch_square_ = mean_;
}

void RunningMeanStd::update(const float* rows, size_t n, const StepMode* mode) {
  const size_t width = columns();
  std::fill(batch_.begin(), batch_.end(), 0);
  std::fill(batch_square_.begin(), batch_square_.end(), 0);
  double moved = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!is_stepped(mode, i)) continue;
    ++moved;
    for (size_t k = 0; k < width; ++k) {
      const double x = double(rows[i * width + k]) - mean_[k];  // near 0: nothing is lost in the squares
      batch_[k] += x;
      batch_square_[k] += x * x;
    }
  }
  if (moved == 0) return;
  const double total = count_ + moved;
  for (size_t k = 0; k < width; ++k) {
    const double delta = batch_[k] / moved, spread = batch_square_[k] - moved * delta * delta;
    variance_[k] = (variance_[k] * count_ + spread + delta * delta * count_ * moved / total) / total;
    mean_[k] += delta * moved / total;
  }
  count_ = total;
}

void RunningMeanStd::state(core::Archive& archive, const std::string& name) {
  const size_t width = columns();
  archive(name + "count", count_);
  archive.sized(name + "mean", mean_);
  archive.sized(name + "variance", variance_);
  core::check(variance_.size() == columns() && (width == 0 || width == columns()),
              "saved statistics are of {} means and {} variances, expected {}", columns(), variance_.size(),
              width);
  bool sound = std::isfinite(count_) && count_ >= 0;
  for (size_t k = 0; k < columns(); ++k)
    sound = sound && std::isfinite(mean_[k]) && std::isfinite(variance_[k]) && variance_[k] >= 0;
  core::check(!archive.loading() || sound, "saved statistics hold numbers that cannot be");
  batch_.resize(columns());
  batch_square_.resize(columns());
}

}  // namespace envs

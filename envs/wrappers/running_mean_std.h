// Running mean and variance of columns, a batch at a time (Chan, Golub & LeVeque 1979), as Gymnasium's
// RunningMeanStd: it begins as 1e-4 observations of mean 0 and variance 1.
#pragma once

#include <cmath>
#include <vector>

#include "core/archive.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

class RunningMeanStd {
 public:
  // Columns are set once; a second batch of environments with the same statistics has the same width.
  void set_columns(size_t columns);
  // Rows [N, columns] of the environments that moved.
  void update(const float* rows, size_t n, const StepMode* mode);
  double mean(size_t k) const { return mean_[k]; }
  double scale(size_t k) const { return 1 / std::sqrt(variance_[k] + 1e-8); }
  size_t columns() const { return mean_.size(); }
  void state(core::Archive& archive, const std::string& name);

 private:
  double count_ = 1e-4;
  std::vector<double> mean_, variance_;       // [columns]
  std::vector<double> batch_, batch_square_;  // [columns], of one call
};

}  // namespace envs

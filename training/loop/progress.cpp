#include "training/loop/progress.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace training {

double Counters::of(core::Unit unit) const {
  switch (unit) {
    case core::Unit::steps:
      return static_cast<double>(step);
    case core::Unit::epochs:
      return epoch;
    case core::Unit::samples:
      return static_cast<double>(samples);
    case core::Unit::env_steps:
      return static_cast<double>(env_steps);
    case core::Unit::minutes:
      return wall_s / 60;
    case core::Unit::run:
      break;
  }
  assert(false);
  return 0;
}

bool passed(const core::Duration& every, const Counters& before, const Counters& after) {
  if (every.amount <= 0) return false;
  return std::floor(after.of(every.unit) / every.amount) > std::floor(before.of(every.unit) / every.amount);
}

double fraction(const core::Duration& budget, const Counters& now) {
  return budget.amount > 0 ? std::clamp(now.of(budget.unit) / budget.amount, 0.0, 1.0) : 1.0;
}

}  // namespace training

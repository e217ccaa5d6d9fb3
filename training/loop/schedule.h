// Learning-rate schedules: pure functions of progress, so that nothing needs saving.
#pragma once

#include <string>

#include "core/options.h"

namespace training {

struct ScheduleOptions {
  std::string schedule = "constant";
  double warmup = 0;        // share of the budget
  double lr_end = 0;        // share of lr
  double step_every = 0.3;  // share of the budget
  double step_factor = 0.1;

  void fields(core::Fields& f);
};

// The factor on the learning rate at `progress` (0 .. 1 of the budget).
double schedule_factor(const ScheduleOptions& options, double progress);

}  // namespace training

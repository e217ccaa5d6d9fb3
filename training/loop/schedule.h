// Learning-rate schedules: pure functions of progress, so that nothing needs saving; but for the one that
// waits for plateaus.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/options.h"

namespace training {

struct ScheduleOptions {
  std::string schedule = "constant";
  double warmup = 0;        // share of the budget
  double lr_end = 0;        // share of lr
  double step_every = 0.3;  // share of the budget
  double step_factor = 0.1;
  int64_t plateau_patience = 10;  // evaluations

  void fields(core::Fields& f);
};

// Their names, behind `before`.
std::vector<std::string> schedules(std::vector<std::string> before = {});
// The factor on the learning rate at `progress` (0 .. 1 of the budget).
double schedule_factor(const ScheduleOptions& options, double progress);

// What a schedule of plateaus has seen: saved with the run.
struct Plateau {
  double best = std::nan("");  // score, the more the better; none yet
  int64_t waited = 0;          // evaluations without a better one, since it or the last cut
  double factor = 1;           // on the learning rate

  // After an evaluation.
  void see(double score, const ScheduleOptions& options);
};

}  // namespace training

#include "training/loop/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace training {

void ScheduleOptions::fields(core::Fields& f) {
  f.choice("schedule", schedule, "Course of the learning rate over the budget",
           {"constant", "linear", "cosine", "step", "one_cycle"});
  f.add("warmup", warmup,
        "Share of the budget over which the rate rises linearly from 0 (one_cycle: 0 means 0.3)",
        {.min = 0, .max = 1, .unit = "share of budget"});
  f.add("lr_end", lr_end, "Rate at the end of linear, cosine and one_cycle",
        {.min = 0, .max = 1, .unit = "share of lr"});
  f.add("step_every", step_every, "step: the rate is multiplied by step_factor after each such share",
        {.min = 0, .max = 1, .above = true, .unit = "share of budget"});
  f.add("step_factor", step_factor, "step: factor at each step", {.min = 0, .max = 1});
}

static double cosine(double from, double to, double x) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * x));
}

// Smith & Topin 2018, in its two-phase cosine form: up to lr over `warmup`, then down to lr_end. Starts at
// 1/25.
static double one_cycle(const ScheduleOptions& o, double progress) {
  const double peak = o.warmup > 0 ? o.warmup : 0.3;
  if (progress < peak) return cosine(0.04, 1, progress / peak);
  return cosine(1, o.lr_end, peak < 1 ? (progress - peak) / (1 - peak) : 1);
}

double schedule_factor(const ScheduleOptions& o, double progress) {
  if (o.schedule == "one_cycle") return one_cycle(o, progress);
  if (progress < o.warmup) return progress / o.warmup;
  const double x = o.warmup < 1 ? (progress - o.warmup) / (1 - o.warmup) : 1;
  if (o.schedule == "linear") return 1 + (o.lr_end - 1) * x;
  if (o.schedule == "cosine") return cosine(1, o.lr_end, x);
  if (o.schedule == "step") return std::pow(o.step_factor, std::floor(progress / o.step_every + 1e-9));
  return 1;
}

}  // namespace training

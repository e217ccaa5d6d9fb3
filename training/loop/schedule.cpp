#include "training/loop/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace training {

std::vector<std::string> schedules(std::vector<std::string> before) {
  for (const char* name : {"constant", "linear", "cosine", "step", "one_cycle", "plateau"})
    before.emplace_back(name);
  return before;
}

void ScheduleOptions::fields(core::Fields& f) {
  f.choice("schedule", schedule, "Course of the learning rate over the budget", schedules());
  f.add("warmup", warmup,
        "Share of the budget over which the rate rises linearly from 0 (one_cycle: 0 means 0.3)",
        {.min = 0, .max = 1, .unit = "share of budget"});
  f.add("lr_end", lr_end, "Rate at the end of linear, cosine and one_cycle, and the lowest one of plateau",
        {.min = 0, .max = 1, .unit = "share of lr"});
  f.add("step_every", step_every, "step: the rate is multiplied by step_factor after each such share",
        {.min = 0, .max = 1, .above = true, .unit = "share of budget"});
  f.add("step_factor", step_factor, "step, plateau: factor at each step", {.min = 0, .max = 1});
  f.add(
      "plateau_patience", plateau_patience,
      "plateau: the rate is multiplied by step_factor after so many evaluations without a better score than "
      "the best",
      {.min = 1, .max = 1e6, .unit = "evaluations"});
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

void Plateau::see(double score, const ScheduleOptions& options) {
  const bool better = std::isnan(best) ? !std::isnan(score) : score > best;
  waited = better ? 0 : waited + 1;
  if (better) best = score;
  if (waited < options.plateau_patience) return;
  waited = 0;
  factor = std::max(factor * options.step_factor, std::min(factor, options.lr_end));
}

}  // namespace training

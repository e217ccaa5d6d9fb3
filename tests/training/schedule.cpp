// Schedules are pure functions of progress with known values at known places.
#include "training/loop/schedule.h"

#include <cmath>

#include "tests/catch.h"
#include "training/loop/progress.h"

using namespace training;

TEST_CASE("schedules start, turn and end where they should", "[training][schedule]") {
  const auto at = [](const ScheduleOptions& o, double progress) { return schedule_factor(o, progress); };
  CHECK(at({.schedule = "constant"}, 0.7) == 1);
  const ScheduleOptions linear{.schedule = "linear", .lr_end = 0.2};
  CHECK(at(linear, 0) == 1);
  CHECK(at(linear, 0.5) == Approx(0.6));
  CHECK(at(linear, 1) == Approx(0.2));
  const ScheduleOptions cosine{.schedule = "cosine", .warmup = 0.1, .lr_end = 0.1};
  CHECK(at(cosine, 0) == 0);
  CHECK(at(cosine, 0.05) == Approx(0.5));
  CHECK(at(cosine, 0.1) == Approx(1));
  CHECK(at(cosine, 0.55) == Approx(0.55));
  CHECK(at(cosine, 1) == Approx(0.1));
  const ScheduleOptions step{.schedule = "step", .step_every = 0.25, .step_factor = 0.5};
  CHECK(at(step, 0.2) == 1);
  CHECK(at(step, 0.25) == 0.5);
  CHECK(at(step, 0.8) == 0.125);
  const ScheduleOptions cycle{.schedule = "one_cycle", .warmup = 0.4};
  CHECK(at(cycle, 0) == Approx(0.04));
  CHECK(at(cycle, 0.4) == Approx(1));
  CHECK(at(cycle, 1) == Approx(0).margin(1e-12));
}

// As torch.optim.lr_scheduler.StepLR(step_size = 30) has it when its step() follows each epoch: 30 epochs
// with each rate, the first one included.
TEST_CASE("the step schedule keeps each rate for as many updates", "[training][schedule]") {
  const ScheduleOptions step{.schedule = "step", .step_every = 0.3, .step_factor = 0.1};
  for (int update = 0; update < 100; ++update) {
    const double expected = std::pow(0.1, update / 30);
    INFO(update);
    CHECK(schedule_factor(step, update / 100.0) == Approx(expected));
  }
}

TEST_CASE("a plateau is cut after as many evaluations without a better one", "[training][schedule]") {
  const ScheduleOptions options{
      .schedule = "plateau", .lr_end = 0.2, .step_factor = 0.5, .plateau_patience = 2};
  Plateau plateau;
  std::vector<double> factors;
  for (const double score : {-3.0, -2.0, -2.0, -2.5, -1.0, std::nan(""), -1.5, -1.0, -4.0, -1.0, -0.5}) {
    plateau.see(score, options);
    factors.push_back(plateau.factor);
  }
  CHECK(factors == std::vector<double>{1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2});
  CHECK(plateau.best == -0.5);
  CHECK(schedule_factor(options, 0.7) == 1);
}

TEST_CASE("a duration is passed once per multiple, whatever the stride", "[training][schedule]") {
  const core::Duration every{100, core::Unit::env_steps};
  int64_t count = 0;
  Counters before;
  for (Counters now; now.env_steps < 1000;) {
    before = now;
    now.env_steps += 37;
    count += passed(every, before, now);
  }
  CHECK(count == 10);
  CHECK(!passed({0, core::Unit::steps}, {.step = 0}, {.step = 5}));
  CHECK(fraction({200, core::Unit::steps}, {.step = 50}) == 0.25);
  CHECK(fraction({2, core::Unit::minutes}, {.wall_s = 240}) == 1);
}

#include "training/loop/rate_test.h"

#include <cmath>
#include <limits>

#include "core/error.h"

namespace training {
namespace {

// What agents that gather their own data log as a loss does not fall as they learn.
void check_testable(Session& session) {
  const std::string& learner = session.experiment.learner;
  core::check(!session.updater.groups().empty(), "tune lr: {} has no optimiser, and no learning rate",
              learner);
  core::check(
      !session.registry.collects,
      "tune lr: {} gathers its own data, and its loss does not tell how well it learns: try values of "
      "optim.lr by their returns (atelier sweep)",
      learner);
  core::check(
      session.registry.updates.size() == 1,
      "tune lr: {} has {} losses that work on each other, and none that tells how well it learns: try "
      "values of optim.lr by its score (atelier sweep)",
      learner, session.registry.updates.size());
}

double rate_at(const RateTest& test, int64_t i) {
  return test.start * std::pow(test.end / test.start, double(i) / double(test.updates - 1));
}

// The loss of one update; nothing where it is not finite.
std::optional<double> update_at(Session& session, double rate) {
  double sum = 0;
  int64_t count = 0;
  const Logger logger{[&](const std::string& metric, double value) {
                        if (metric != "train/loss") return;
                        sum += value;
                        ++count;
                      },
                      nullptr};
  auto& [name, group] = *session.updater.groups().begin();
  group.held_rate = rate;
  const int64_t before = session.counters.updates[name];
  try {
    while (session.counters.updates[name] == before) session.step(logger);
  } catch (const core::Error& error) {
    if (error.exit() != core::Exit::failed) throw;
    return std::nullopt;
  }
  return sum / double(count);
}

// The average has hardly begun at the first tenth of the points, and says little there.
void find_landmarks(RateCurve& curve) {
  const auto& points = curve.points;
  for (size_t i = 0; i < points.size(); ++i)
    if (points[i].smoothed < points[curve.least].smoothed) curve.least = i;
  double fastest = 0;
  for (size_t i = points.size() / 10 + 1; i + 1 < points.size() && i <= curve.least; ++i) {
    const double slope =
        (points[i + 1].smoothed - points[i - 1].smoothed) / std::log(points[i + 1].rate / points[i - 1].rate);
    if (slope < fastest) {
      fastest = slope;
      curve.steepest = i;
    }
  }
}

}  // namespace

RateCurve test_rates(Session& session, const RateTest& test) {
  check_testable(session);
  core::check(test.start < test.end, "tune lr: expected --from below --to, found {} and {}", test.start,
              test.end);
  RateCurve curve;
  double average = 0, least = std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < test.updates && !curve.diverged; ++i) {
    const double rate = rate_at(test, i);
    const std::optional<double> loss = update_at(session, rate);
    if (loss) {
      average = test.smoothing * average + (1 - test.smoothing) * *loss;
      const double smoothed = average / (1 - std::pow(test.smoothing, double(i + 1)));
      curve.points.push_back({rate, *loss, smoothed});
      least = std::min(least, smoothed);
      curve.diverged = least > 0 ? smoothed > test.diverged * least : smoothed - least > test.diverged;
    }
    curve.diverged |= !loss;
  }
  core::check(!curve.points.empty(), "tune lr: the loss is not finite at the first rate, {}", test.start);
  find_landmarks(curve);
  return curve;
}

double suggested_rate(const RateCurve& curve) { return curve.points[curve.least].rate / 10; }

}  // namespace training

// The learning-rate range test on a problem whose largest stable rate is known.
#include "training/loop/rate_test.h"

#include <cmath>

#include "agents/all.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using training::RateCurve;
using training::RateTest;

namespace {

// A line through standardised points by full batches: the loss's curvature is 2 in both directions, so that
// gradient descent is stable below a rate of 1.
const std::string line =
    "model: mlp\ndata: {name: noisy_sine, batch_size: 105}\nnet: {hidden: [], init: zeros}\n"
    "optim: {algorithm: sgd, schedule: cosine, warmup: 0.1}\ntrain: {steps: 5}\n";

RateCurve curve_of(const std::string& yaml, const RateTest& test,
                   const std::vector<std::string>& overrides = {}) {
  auto session = trial::session(yaml, supervised::all(), overrides);
  return training::test_rates(session, test);
}

}  // namespace

TEST_CASE("Rates grow by one factor, each for one update, whatever schedule and budget say",
          "[training][tune]") {
  auto session = trial::session(line, supervised::all());
  const RateCurve curve = training::test_rates(session, {.start = 1e-4, .end = 1e-2, .updates = 21});
  REQUIRE(curve.points.size() == 21);
  CHECK_FALSE(curve.diverged);
  for (size_t i = 0; i < curve.points.size(); ++i)
    CHECK(curve.points[i].rate == Approx(1e-4 * std::pow(10, 0.1 * double(i))));
  CHECK(session.counters.updates.at("net") == 21);
  CHECK(curve.least == 20);  // it falls to the end
  CHECK(curve.points[0].smoothed == Approx(curve.points[0].loss));
  const double second = (0.95 * curve.points[0].loss + curve.points[1].loss) / 1.95;
  CHECK(curve.points[1].smoothed == Approx(second));
}

TEST_CASE("The weights are those of so many updates at these rates", "[training][tune]") {
  auto session = trial::session(line, supervised::all());
  training::test_rates(session, {.start = 0.01, .end = 0.1, .updates = 10});
  // By hand: w and b from 0 follow the gradient 2 (w - a) and 2 (b - 0) of points of mean 0 and deviation 1.
  double distance = 1;
  for (int i = 0; i < 10; ++i) distance *= 1 - 2 * 0.01 * std::pow(10, i / 9.);
  auto slow =
      trial::session(line, supervised::all(),
                     {"optim.lr=0.3", "optim.schedule=constant", "optim.warmup=0", "train.steps=100"});
  trial::learn(slow);
  const double found = session.registry.tensors()[0].second.item<double>(),
               end = slow.registry.tensors()[0].second.item<double>();
  CHECK(found == Approx(end * (1 - distance)).epsilon(1e-3));
}

TEST_CASE("The test ends where the loss diverges, and suggests a rate that is stable", "[training][tune]") {
  const RateCurve curve = curve_of(line, {.start = 1e-4, .end = 100, .updates = 120});
  CHECK(curve.diverged);
  CHECK(curve.points.back().rate > 1);
  CHECK(curve.points.back().rate < 10);
  CHECK(curve.points.back().smoothed > 4 * curve.points[curve.least].smoothed);
  REQUIRE(curve.steepest);
  CHECK(*curve.steepest <= curve.least);
  const double suggested = training::suggested_rate(curve);
  CHECK(suggested == Approx(curve.points[curve.least].rate / 10));
  CHECK(suggested > 0.02);
  CHECK(suggested < 0.5);
}

TEST_CASE("The same seed gives the same curve, another one another", "[training][tune]") {
  const std::string& yaml = supervised::all().at("mlp").trial;
  const auto losses = [&](const std::string& seed) {
    std::vector<double> all;
    for (const auto& point : curve_of(yaml, {.updates = 30}, {"seed=" + seed}).points)
      all.push_back(point.loss);
    return all;
  };
  CHECK(losses("1") == losses("1"));
  CHECK(losses("1") != losses("2"));
}

TEST_CASE("Accumulated gradients take one rate for each step of the optimiser", "[training][tune]") {
  auto session = trial::session(line, supervised::all(), {"optim.accumulate=3"});
  CHECK(training::test_rates(session, {.end = 1e-3, .updates = 10}).points.size() == 10);
  CHECK(session.counters.step == 30);
}

TEST_CASE("A learner without one loss that tells how well it learns is refused", "[training][tune]") {
  const auto says = [](const std::string& yaml, const core::Table<training::Entry>& table) {
    auto session = trial::session(yaml, table);
    return refusal([&] { training::test_rates(session, {}); });
  };
  CHECK(says(agents::all().at("ppo").trial, agents::all()).find("ppo gathers its own data") !=
        std::string::npos);
  CHECK(says(generative::all().at("gan").trial, generative::all()).find("gan has 2 losses") !=
        std::string::npos);
  CHECK(says(supervised::all().at("ngram").trial, supervised::all()).find("no learning rate") !=
        std::string::npos);
  auto cloning = trial::session(agents::all().at("bc").trial, agents::all());
  CHECK(training::test_rates(cloning, {.updates = 10}).points.size() > 1);
  CHECK(refusal([] { curve_of(line, {.start = 1, .end = 0.1}); }).find("--from below --to") !=
        std::string::npos);
}

// Interquartile means, profiles, chances and their bootstrap intervals equal a naive twin.
#include "analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "core/random.h"
#include "tests/catch.h"
#include "tests/refusal.h"

namespace tests::bootstrap {

using analysis::Resamples, analysis::Scores;

namespace {

// The twin: every draw is a list of scores, every statistic goes over it as its sentence says.
Scores redraw(const Scores& scores, core::Pcg64& random) {
  Scores drawn;
  for (const auto& task : scores) {
    drawn.emplace_back();
    for (size_t k = 0; k < task.size(); ++k)
      drawn.back().push_back(
          task[static_cast<size_t>(random.integers(0, static_cast<int64_t>(task.size())))]);
  }
  return drawn;
}

double naive_iqm(const Scores& scores) {
  std::vector<double> all;
  for (const auto& task : scores)
    for (const double score : task) all.push_back(score);
  std::sort(all.begin(), all.end());
  double sum = 0, n = 0;
  for (size_t k = 0; k < all.size(); ++k)
    if (k >= all.size() / 4 && k < all.size() - all.size() / 4) {
      sum += all[k];
      ++n;
    }
  return sum / n;
}

double naive_share(const Scores& scores, double threshold) {
  double above = 0, n = 0;
  for (const auto& task : scores)
    for (const double score : task) {
      above += score > threshold ? 1 : 0;
      ++n;
    }
  return above / n;
}

double naive_chance(const Scores& x, const Scores& y) {
  double chance = 0;
  for (size_t task = 0; task < x.size(); ++task) {
    double u = 0;
    for (const double a : x[task])
      for (const double b : y[task]) u += a > b ? 1 : a < b ? 0 : 0.5;
    chance += u / static_cast<double>(x[task].size()) / static_cast<double>(y[task].size());
  }
  return chance / static_cast<double>(x.size());
}

double naive_percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const double at = percent / 100 * static_cast<double>(values.size() - 1), below = std::floor(at);
  const double low = values[static_cast<size_t>(below)], high = values[static_cast<size_t>(std::ceil(at))];
  return low + (at - below) * (high - low);
}

void check_equal(const render::Interval& interval, double value, const std::vector<double>& drawn) {
  CHECK(interval.value == Approx(value).margin(1e-12));
  CHECK(interval.low == Approx(naive_percentile(drawn, 2.5)).margin(1e-12));
  CHECK(interval.high == Approx(naive_percentile(drawn, 97.5)).margin(1e-12));
}

// Three tasks of different sizes and scales, with ties.
Scores random_scores(std::mt19937_64& random, const std::vector<size_t>& runs) {
  Scores scores;
  for (const size_t n : runs) {
    scores.emplace_back();
    for (size_t k = 0; k < n; ++k)
      scores.back().push_back(std::round(std::normal_distribution<double>(2.0 * double(n), 3)(random)));
  }
  return scores;
}

}  // namespace

TEST_CASE("the interquartile mean leaves out a quarter on both sides, whole runs", "[analysis]") {
  CHECK(analysis::interquartile_mean({{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}}) == 5.5);  // 3 .. 8
  CHECK(analysis::interquartile_mean({{0, 1, 2, 100}}) == 1.5);
  CHECK(analysis::interquartile_mean({{0, 1, 5}}) == 2);           // fewer than four: the mean
  CHECK(analysis::interquartile_mean({{0, 1}, {2, 100}}) == 1.5);  // runs of all tasks together
  CHECK(std::isnan(analysis::interquartile_mean({{0, NAN, 1, 2}})));
  CHECK(std::isnan(analysis::interquartile_mean({{}})));
}

TEST_CASE("the chance to be better is Mann and Whitney's, worked out by hand", "[analysis]") {
  // 1 beats none of 2, 2, 4; 2 ties with two; 3 beats two: (0 + 1 + 2) / 9
  CHECK(analysis::probability_of_improvement({{1, 2, 3}}, {{2, 2, 4}}) == Approx(3 / 9.0));
  CHECK(analysis::probability_of_improvement({{2, 2, 4}}, {{1, 2, 3}}) == Approx(6 / 9.0));
  CHECK(analysis::probability_of_improvement({{1, 2, 3}, {7}}, {{2, 2, 4}, {5, 6}}) ==
        Approx((3 / 9.0 + 1) / 2));
  CHECK(analysis::probability_of_improvement({{5, 5}}, {{5}}) == 0.5);
  CHECK(refusal([] {
          analysis::probability_of_improvement({{1}}, {{1}, {2}});
        }) == "methods of 1 and 2 tasks cannot be compared");
}

TEST_CASE("a profile counts what is above, not what is equal", "[analysis]") {
  CHECK(analysis::share_above({{1, 2}, {3, 4}}, 2) == 0.5);
  CHECK(analysis::share_above({{1, 2}, {3, 4}}, 0) == 1);
  CHECK(analysis::share_above({{1, 2}, {3, 4}}, 4) == 0);
}

TEST_CASE("bootstrap intervals equal those of the naive twin, for tasks of unequal size", "[analysis]") {
  std::mt19937_64 random(3);
  const Scores x = random_scores(random, {10, 4, 7}), y = random_scores(random, {5, 9, 1});
  static constexpr size_t draws = 500;
  std::vector<double> iqms, shares, chances;
  core::Pcg64 of_x(5), of_y(6);
  for (size_t draw = 0; draw < draws; ++draw) {
    const Scores again = redraw(x, of_x);
    iqms.push_back(naive_iqm(again));
    shares.push_back(naive_share(again, 10));
    chances.push_back(naive_chance(again, redraw(y, of_y)));
  }
  const Resamples resamples_x(x, 5, draws), resamples_y(y, 6, draws);
  check_equal(analysis::iqm_interval(x, resamples_x), naive_iqm(x), iqms);
  check_equal(analysis::share_interval(x, 10, resamples_x), naive_share(x, 10), shares);
  check_equal(analysis::improvement_interval(x, y, resamples_x, resamples_y), naive_chance(x, y), chances);
  CHECK(analysis::iqm_interval(x, resamples_x).n == 21);
  CHECK(naive_percentile(iqms, 2.5) < naive_percentile(iqms, 97.5));
}

TEST_CASE("draws are NumPy's, whole in number and within their task", "[analysis]") {
  // numpy.random.default_rng(0).integers(0, 10, size=5) is [8, 6, 5, 2, 3]: five runs of ten would be these
  const Resamples ten({std::vector<double>(10)}, 0, 1);
  for (const size_t run : {8, 6, 5, 2, 3}) CHECK(ten.times(run)[0] >= 1);
  // numpy.random.default_rng(0).integers(0, [3, 3, 3, 2, 2]) is [2, 1, 1, 0, 0]
  const Resamples two({std::vector<double>(3), std::vector<double>(2)}, 0, 1);
  for (const auto& [run, times] : {std::pair{0, 0}, {1, 2}, {2, 1}, {3, 2}, {4, 0}})
    CHECK(two.times(static_cast<size_t>(run))[0] == times);
}

TEST_CASE("one run a task, and scores that are not finite, have no interval", "[analysis]") {
  const Scores single{{3}, {4}};
  const render::Interval interval = analysis::iqm_interval(single, Resamples(single));
  CHECK(interval.value == 3.5);
  CHECK(std::isnan(interval.low));
  CHECK(std::isnan(analysis::share_interval(single, 3, Resamples(single)).high));
  CHECK(std::isnan(analysis::improvement_interval(single, single, Resamples(single), Resamples(single)).low));
  const Scores broken{{1, 2, 3, INFINITY}};
  CHECK(analysis::iqm_interval(broken, Resamples(broken)).value == 2.5);
  CHECK(std::isnan(analysis::iqm_interval(broken, Resamples(broken)).low));
  CHECK(analysis::SeedBootstrap()({}).n == 0);
}

TEST_CASE("about 95 % of the intervals of twenty seeds hold the true centre", "[analysis]") {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal(3, 2);
  analysis::SeedBootstrap bootstrap;
  std::vector<double> seeds(20);
  int held = 0;
  for (int k = 0; k < 1000; ++k) {
    for (double& seed : seeds) seed = normal(random);
    const render::Interval interval = bootstrap(seeds);
    held += interval.low <= 3 && 3 <= interval.high;
  }
  CHECK(held / 1000.0 == Approx(0.93).margin(0.03));  // percentile intervals of few runs are a little short
}

}  // namespace tests::bootstrap

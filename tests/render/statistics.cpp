// Means, intervals and curves equal a naive twin.
#include "render/statistics.h"

#include <cmath>
#include <random>

#include "tests/catch.h"

namespace tests::statistics {

using render::Series;

TEST_CASE("t quantiles are those of the tables", "[render]") {
  // scipy.stats.t.ppf(0.975, n)
  CHECK(render::t_quantile(1) == Approx(12.7062).epsilon(1e-5));
  CHECK(render::t_quantile(9) == Approx(2.262157).epsilon(1e-4));
  CHECK(render::t_quantile(30) == Approx(2.042272).epsilon(1e-4));
  CHECK(render::t_quantile(31) == Approx(2.039513).epsilon(1e-5));
  CHECK(render::t_quantile(100) == Approx(1.983972).epsilon(1e-6));
  CHECK(render::t_quantile(1000000) == Approx(1.959966).epsilon(1e-6));
}

TEST_CASE("an interval of ten seeds is the one worked out by hand", "[render]") {
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const render::Interval interval = render::mean_interval(x);
  CHECK(interval.value == 5.5);
  CHECK(interval.high - interval.value ==
        Approx(2.262157 * 3.0276503540974917 / std::sqrt(10.0)).epsilon(1e-4));
  CHECK(interval.value - interval.low == Approx(interval.high - interval.value));
  CHECK(std::isnan(render::mean_interval(std::vector<double>{3}).low));
  CHECK(render::mean_interval(std::vector<double>{3}).value == 3);
  CHECK(render::mean_interval({}).n == 0);
}

TEST_CASE("95 % of the intervals hold the true mean", "[render]") {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(3, 2);
  int held = 0;
  std::vector<double> seeds(5);
  for (int k = 0; k < 20000; ++k) {
    for (double& value : seeds) value = normal(random);
    const render::Interval interval = render::mean_interval(seeds);
    held += interval.low <= 3 && 3 <= interval.high;
  }
  CHECK(held / 20000.0 == Approx(0.95).margin(0.006));
}

TEST_CASE("thinning keeps short series whole and takes means of long ones", "[render]") {
  const std::vector<double> x{1, 2, 2, 5}, y{1, 2, 4, 5};
  const Series whole = render::thin(x, y, 10);
  CHECK(whole.x == std::vector<double>{1, 2, 5});
  CHECK(whole.y == std::vector<double>{1, 3, 5});
  std::vector<double> many_x, many_y;
  for (int k = 0; k < 1000; ++k) {
    many_x.push_back(k);
    many_y.push_back(k % 2);
  }
  const Series thinned = render::thin(many_x, many_y, 10);
  REQUIRE(thinned.x.size() == 10);
  for (const double value : thinned.y) CHECK(value == Approx(0.5).margin(0.01));
}

TEST_CASE("a curve of many seeds equals the naive twin, whatever their lengths", "[render]") {
  std::mt19937_64 random(2);
  std::vector<Series> runs;
  for (int seed = 0; seed < 7; ++seed) {
    Series run;
    const int rows = 20 + 13 * seed;
    for (int k = 0; k < rows; ++k) {
      run.x.push_back(3 * k + seed);
      run.y.push_back(std::uniform_real_distribution<double>(-1, 1)(random));
    }
    runs.push_back(run);
  }
  const render::Curve curve = render::aggregate(runs, 64);
  size_t at = 0;
  for (int k = 0; k < 64; ++k) {
    const double x = 297.0 * k / 63;
    double sum = 0;
    int64_t n = 0;
    for (const Series& run : runs) {
      const size_t rows = run.x.size();
      const bool before = x < run.x[0] && run.x[0] - x < 3;  // all have steps of 3
      const bool behind = x > run.x[rows - 1] && x - run.x[rows - 1] < 3;
      if (before || behind) {
        sum += before ? run.y[0] : run.y[rows - 1];
        ++n;
      }
      for (size_t i = 0; i + 1 < rows; ++i) {
        const bool last = i + 2 == rows && x == run.x[i + 1];
        if ((x < run.x[i] || x >= run.x[i + 1]) && !last) continue;
        sum += run.y[i] + (run.y[i + 1] - run.y[i]) * (x - run.x[i]) / (run.x[i + 1] - run.x[i]);
        ++n;
      }
    }
    if (n < 4) continue;  // fewer than half of the seven
    REQUIRE(at < curve.x.size());
    CHECK(curve.x[at] == Approx(x));
    CHECK(curve.y[at].n == n);
    CHECK(curve.y[at].value == Approx(sum / static_cast<double>(n)).margin(1e-9));
    ++at;
  }
  CHECK(at == curve.x.size());
  CHECK(at > 30);
}

TEST_CASE("one row, no row and equal steps are curves too", "[render]") {
  CHECK(render::aggregate({}, 10).x.empty());
  CHECK(render::aggregate(std::vector<Series>{{}, {}}, 10).x.empty());
  const render::Curve one = render::aggregate(std::vector<Series>{{{4}, {2}}, {{4}, {4}}}, 10);
  REQUIRE(one.x == std::vector<double>{4});
  CHECK(one.y[0].value == 3);
}

TEST_CASE("one seed's curve is its rows, and so is that of seeds with the same steps", "[render]") {
  const Series one{{2048, 4096, 6144, 8192, 10240, 12288}, {199, 198, 137, 284.6, 160, 256}};
  const render::Curve alone = render::aggregate(std::vector<Series>{one}, 120);
  CHECK((alone.x == one.x && !alone.grid && alone.runs.empty()));
  for (size_t k = 0; k < one.y.size(); ++k) CHECK(alone.y[k].value == one.y[k]);
  const Series shorter{{2048, 4096}, {1, 2}};  // was stopped
  const render::Curve both = render::aggregate(std::vector<Series>{shorter, one}, 120);
  CHECK((both.x == one.x && !both.grid && both.runs.size() == 2));
  CHECK(both.y[1].value == 100);
  CHECK(both.y[3].value == 284.6);
  const Series apart{{2000, 12288}, {1, 2}};
  CHECK(render::aggregate(std::vector<Series>{apart, one}, 120).grid);
  const std::vector<Series> few{{{1, 4, 7}, {0, 3, 0}}, {{2, 5, 8}, {0, 3, 0}}, {{3, 6, 9}, {0, 3, 0}}};
  const render::Curve bent = render::aggregate(few, 120);
  CHECK(bent.x == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(bent.y[0].value == 0);
  CHECK(bent.y[2].value == Approx((2 + 1 + 0) / 3.0));
  CHECK(bent.y[4].value == Approx((2 + 3 + 2) / 3.0));
}

TEST_CASE("the mean of seeds that end a little apart ends at the mean of their last values", "[render]") {
  const std::vector<Series> seeds{
      {{10, 20, 30}, {1, 5, 9}}, {{12, 22, 33}, {0, 4, 4}}, {{9, 19, 36}, {2, 2, 8}}};
  const render::Curve curve = render::aggregate(seeds, 120);
  CHECK(curve.x.front() == 9);
  CHECK(curve.x.back() == 36);
  CHECK(curve.y.front().value == Approx((1 + 0 + 2) / 3.0));
  CHECK(curve.y.back().value == Approx((9 + 4 + 8) / 3.0));
  for (const render::Interval& at : curve.y) CHECK(at.n == 3);
  // One that was stopped early is left behind, and where two of five go on nothing is said.
  const Series stopped{{11, 21}, {100, 100}};
  const render::Curve less = render::aggregate(std::vector<Series>{seeds[0], seeds[1], stopped}, 120);
  CHECK(less.x.back() == 33);
  CHECK(less.y.back().n == 2);
  CHECK(less.y.back().value == Approx((9 + 4) / 2.0));
  const std::vector<Series> most_stopped{seeds[0], seeds[1], stopped, {{12, 21}, {1, 1}}, {{9, 20}, {1, 1}}};
  CHECK(render::aggregate(most_stopped, 120).x.back() == 30);
  CHECK(std::isnan(render::nearly_at(Series{{4}, {2}}, 5)));
  CHECK(render::nearly_at(Series{{4}, {2}}, 4) == 2);
}

TEST_CASE("two seeds have no band, and three have one", "[render]") {
  const Series run{{1, 2}, {1, 2}}, other{{1, 2}, {2, 3}};
  CHECK(std::isnan(render::aggregate(std::vector<Series>{run, other}, 9).y[0].low));
  CHECK(std::isfinite(render::aggregate(std::vector<Series>{run, other, run}, 9).y[0].low));
}

TEST_CASE("an interval of positive values is positive, and of close ones the usual one", "[render]") {
  const std::vector<double> wild{11000, 3000, 21000}, close{1000, 1001, 999, 1000.5};
  CHECK(render::mean_interval(wild).low < 0);
  const render::Interval interval = render::positive_interval(wild);
  CHECK(interval.low > 0);
  CHECK(interval.value * interval.value == Approx(interval.low * interval.high));
  CHECK(render::positive_interval(close).low == Approx(render::mean_interval(close).low).epsilon(1e-5));
  const std::vector<double> some_zero{0, 1, 40};
  CHECK(render::mean_interval(some_zero).low < 0);
  CHECK(render::positive_interval(some_zero).low == 0);
  CHECK(render::positive_interval(some_zero).high == render::mean_interval(some_zero).high);
  const std::vector<double> mixed{1, -2, 4};
  CHECK(render::positive_interval(mixed).low == render::mean_interval(mixed).low);
}

}  // namespace tests::statistics

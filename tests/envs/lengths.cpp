// fast against exact over whole episodes: a random policy's episodes are as long in either (two-sample
// Kolmogorov-Smirnov test), and would not be in another gravity.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/value.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::lengths {

namespace {

struct Play {
  std::string id, options = "{}";
  int64_t episodes = 100'000, environments = 1000;
  std::optional<int64_t> limit = std::nullopt;  // steps; none: the environment's own
};

// Sixty-four coins at a time are a cheaper choice of two.
void draw_actions(tests::Batch& batch, core::Pcg64& random) {
  const envs::Space& space = batch.envs->spec().action;
  if (space.kind != envs::Space::Kind::discrete || space.n[0] != 2) return batch.draw_actions(random);
  uint64_t coins = 0;
  for (size_t i = 0; i < batch.n; ++i, coins >>= 1) {
    if (i % 64 == 0) coins = random.next64();
    batch.discrete[i] = int64_t(coins & 1);
  }
}

// How many episodes lasted 0, 1, ... steps: each environment's first ones, so that short episodes have no
// advantage.
std::vector<int64_t> lengths(const Play& play, const std::string& precision, uint64_t seed) {
  auto factory = envs::all().at(play.id).factory();
  core::Fields fields;
  factory.fields(fields);
  core::read_fields(fields, core::parse_yaml(play.options, play.id));
  tests::Batch batch(factory.make(play.environments, precision, play.limit));
  std::vector<int64_t> count(size_t(batch.envs->spec().max_episode_steps + 1)),
      left(batch.n, play.episodes / play.environments);
  core::Pcg64 random(seed);
  batch.reset(seed);
  for (int64_t ended = 0; ended < play.episodes;) {
    draw_actions(batch, random);
    batch.step();
    for (size_t i = 0; i < batch.n; ++i)
      if (batch.ended(i) && left[i]-- > 0) {
        ++count[size_t(batch.lengths[i])];
        ++ended;
      }
  }
  return count;
}

// The probability of two samples of one distribution lying so far apart (Smirnov 1948).
double same_distribution(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  const double n = double(std::accumulate(a.begin(), a.end(), int64_t(0))),
               m = double(std::accumulate(b.begin(), b.end(), int64_t(0)));
  int64_t shorter_a = 0, shorter_b = 0;
  double furthest = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    shorter_a += a[k];
    shorter_b += b[k];
    furthest = std::max(furthest, std::abs(double(shorter_a) / n - double(shorter_b) / m));
  }
  const double lambda = furthest * std::sqrt(n * m / (n + m));
  double p = 0;
  for (int k = 1; k <= 100; ++k) p += (k % 2 ? 2 : -2) * std::exp(-2 * k * k * lambda * lambda);
  return lambda < 0.2 ? 1 : p;  // below 0.2 the series converges slowly, to 1
}

// Of exact and fast episodes, of which one in twenty or more must end before the time limit.
double alike(const Play& play, uint64_t seed) {
  const auto exact = lengths(play, "exact", seed);
  CHECK(exact.back() < play.episodes * 19 / 20);
  return same_distribution(exact, lengths(play, "fast", seed + 1));
}

}  // namespace

TEST_CASE("the Kolmogorov-Smirnov test finds its tabled critical values", "[envs]") {
  const auto at = [](double lambda, int64_t n, int64_t m) {  // all of a are shorter than some of b
    const auto apart = int64_t(lambda * double(m) / std::sqrt(double(n) * double(m) / double(n + m)));
    return same_distribution({n, 0}, {m - apart, apart});
  };
  for (const int64_t m : {100'000, 1'000'000}) {
    CHECK(at(1.22385, 100'000, m) == Approx(0.1).epsilon(0.01));
    CHECK(at(1.35810, 100'000, m) == Approx(0.05).epsilon(0.01));
    CHECK(at(1.94947, 100'000, m) == Approx(0.001).epsilon(0.02));
    CHECK(at(0, 100'000, m) == 1);
  }
}

TEST_CASE("random episodes of CartPole are as long in fast as in exact", "[envs]") {
  CHECK(alike({.id = "CartPole-v1"}, 1) > 0.001);
}

// The sanitizers, which are slow, find nothing in more of the same.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

TEST_CASE("random episodes of FrozenLake are as long in fast as in exact", "[envs]") {
  CHECK(alike({.id = "FrozenLake-v1"}, 7) > 0.001);
}

// Without a time limit of its own, random play needs thousands of steps: a quarter arrives within these.
TEST_CASE("random episodes of a slippery cliff are as long in fast as in exact", "[envs]") {
  CHECK(alike({.id = "CliffWalkingSlippery-v1", .episodes = 10'000, .limit = 2000}, 9) > 0.001);
}

// Within 200 steps random play never reaches the flag; with four times the force one in nine does.
TEST_CASE("random episodes of a strong MountainCar are as long in fast as in exact", "[envs]") {
  CHECK(alike({.id = "MountainCar-v0", .options = "{force: 0.004}"}, 11) > 0.001);
}

TEST_CASE("random episodes of a strong Acrobot are as long in fast as in exact", "[envs]") {
  CHECK(alike({.id = "Acrobot-v1", .options = "{torque: 20}"}, 5) > 0.001);
}

// Pushes of 0.01 N leave the fall to gravity.
TEST_CASE("random episodes tell gravity 9.9 from 9.8, but not fast from exact", "[envs]") {
  const Play weak{.id = "CartPole-v1", .options = "{force: 0.01, start: 0.001}"},
      elsewhere{.id = "CartPole-v1", .options = "{force: 0.01, start: 0.001, gravity: 9.9}"};
  const auto exact = lengths(weak, "exact", 3);
  CHECK(same_distribution(exact, lengths(weak, "fast", 4)) > 0.001);
  CHECK(same_distribution(exact, lengths(elsewhere, "fast", 4)) < 0.001);
}

namespace {

// How many standard errors the mean lengths of two samples lie apart.
double means_apart(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  struct Mean {
    double value, error;  // squared
  };
  const auto mean = [](const std::vector<int64_t>& count) {
    double n = 0, sum = 0, squares = 0;
    for (size_t k = 0; k < count.size(); ++k) {
      const double often = double(count[k]), length = double(k);
      n += often;
      sum += often * length;
      squares += often * length * length;
    }
    return Mean{sum / n, (squares / n - sum / n * sum / n) / n};
  };
  const Mean ours = mean(a), theirs = mean(b);
  return std::abs(ours.value - theirs.value) / std::sqrt(ours.error + theirs.error);
}

}  // namespace

// With pushes of 10 N the length of a random episode is the pushes' doing: gravity 9.9 shortens the 22.256 of
// 9.8 by 0.030 +- 0.002 steps and moves the distribution by 0.0009 (of 100 million episodes each). Sixteen
// million show it: of four seeds, to the means by 6.8 to 8.3 standard errors, to Kolmogorov-Smirnov with p of
// 1e-5 and less.
TEST_CASE("millions of CartPole's own random episodes tell gravity 9.9 too", "[envs]") {
  const Play real{.id = "CartPole-v1", .episodes = 16'000'000, .environments = 4000};
  Play elsewhere = real, fewer = real;
  elsewhere.options = "{gravity: 9.9}";
  fewer.episodes = 2'000'000;
  const auto exact = lengths(fewer, "exact", 101), fast = lengths(real, "fast", 102),
             heavy = lengths(elsewhere, "fast", 103);
  const double beyond_chance = 3.29;  // one in 1,000
  CHECK(same_distribution(exact, fast) > 0.001);
  CHECK(means_apart(exact, fast) < beyond_chance);
  CHECK(same_distribution(fast, heavy) < 0.001);
  CHECK(means_apart(fast, heavy) > beyond_chance);
}

#endif

}  // namespace tests::lengths

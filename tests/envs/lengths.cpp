// fast against exact over whole episodes: a random policy's episodes are as long in either (two-sample
// Kolmogorov-Smirnov test), and would not be in another gravity.
#include <cmath>

#include "core/value.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace {

constexpr int64_t episodes = 100'000;

// How many episodes lasted 0, 1, ... steps: the first ones of each of 1,000 environments, so that short
// episodes have no advantage.
std::vector<int64_t> lengths(const std::string& id, const std::string& options, const std::string& precision,
                             uint64_t seed) {
  constexpr int64_t n = 1000;
  auto blueprint = envs::all().at(id).blueprint();
  core::Fields fields;
  blueprint.fields(fields);
  core::read_fields(fields, core::parse_yaml(options, id));
  tests::Batch batch(blueprint.make(n, precision, std::nullopt));
  std::vector<int64_t> count(size_t(batch.envs->spec().max_episode_steps + 1)), left(n, episodes / n);
  core::Pcg64 random(seed);
  batch.reset(seed);
  for (int64_t ended = 0; ended < episodes;) {
    batch.draw_actions(random);
    batch.step();
    for (size_t i = 0; i < n; ++i)
      if (batch.ended(i) && left[i]-- > 0) ++count[size_t(batch.lengths[i])], ++ended;
  }
  return count;
}

// The probability of two samples of one distribution lying so far apart (Smirnov 1948).
double same_distribution(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  int64_t apart = 0, furthest = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    apart += a[k] - b[k];
    furthest = std::max(furthest, std::abs(apart));
  }
  const double lambda = double(furthest) / double(episodes) * std::sqrt(double(episodes) / 2);
  double p = 0;
  for (int k = 1; k <= 100; ++k) p += (k % 2 ? 2 : -2) * std::exp(-2 * k * k * lambda * lambda);
  return lambda < 0.2 ? 1 : p;  // below 0.2 the series converges slowly, to 1
}

}  // namespace

TEST_CASE("the Kolmogorov-Smirnov test finds its tabled critical values", "[envs]") {
  const auto at = [](double lambda) {
    const auto apart = int64_t(lambda * std::sqrt(2 * double(episodes)));
    return same_distribution({apart, 0}, {0, apart});
  };
  CHECK(at(1.22385) == Approx(0.1).epsilon(0.01));
  CHECK(at(1.35810) == Approx(0.05).epsilon(0.01));
  CHECK(at(1.94947) == Approx(0.001).epsilon(0.02));
  CHECK(at(0) == 1);
}

TEST_CASE("random episodes of CartPole are as long in fast as in exact", "[envs]") {
  const auto exact = lengths("CartPole-v1", "{}", "exact", 1), fast = lengths("CartPole-v1", "{}", "fast", 2);
  CHECK(same_distribution(exact, fast) > 0.001);
}

// The sanitizers, which are slow, find nothing in more of the same.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// With pushes of 10 N the length of a random episode is the pushes' doing: gravity 9.9 moves its distribution
// by less than 0.001. Pushes of 0.01 N leave the fall to gravity.
TEST_CASE("random episodes tell gravity 9.9 from 9.8, but not fast from exact", "[envs]") {
  const std::string weak = "force: 0.01, start: 0.001";
  const auto exact = lengths("CartPole-v1", "{" + weak + "}", "exact", 3),
             fast = lengths("CartPole-v1", "{" + weak + "}", "fast", 4),
             elsewhere = lengths("CartPole-v1", "{" + weak + ", gravity: 9.9}", "fast", 4);
  CHECK(same_distribution(exact, fast) > 0.001);
  CHECK(same_distribution(exact, elsewhere) < 0.001);
}

TEST_CASE("random episodes of a strong Acrobot are as long in fast as in exact", "[envs]") {
  const auto exact = lengths("Acrobot-v1", "{torque: 20}", "exact", 5),
             fast = lengths("Acrobot-v1", "{torque: 20}", "fast", 6);
  CHECK(same_distribution(exact, fast) > 0.001);
}

#endif

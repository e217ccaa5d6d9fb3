// Bandit, Chain, DeepSea, RandomMDP and RiverSwim: their best values against formulas, their draws against
// their laws.
#include <numeric>
#include <set>

#include "envs/exploration/bandit.h"
#include "envs/exploration/chain.h"
#include "envs/exploration/deepsea.h"
#include "envs/exploration/randommdp.h"
#include "envs/exploration/riverswim.h"
#include "tests/catch.h"
#include "tests/envs/dynamic.h"
#include "tests/envs/section.h"

namespace tests::exploration {

namespace {

struct Paid {
  double mean = 0, deviation = 0;
};

// What 100,000 pulls of one arm pay.
Paid pulled(const std::string& section, int64_t arm) {
  Batch batch = env_batch(section, 1000);
  batch.reset(1);
  std::fill(batch.discrete.begin(), batch.discrete.end(), arm);
  double sum = 0, square = 0;
  for (int t = 0; t < 100; ++t) {
    batch.step();
    for (const float paid : batch.reward) {
      sum += double(paid);
      square += double(paid) * double(paid);
    }
  }
  return {sum / 1e5, std::sqrt(square / 1e5 - sum / 1e5 * (sum / 1e5))};
}

}  // namespace

TEST_CASE("arms pay by their laws", "[envs]") {
  for (const std::string precision : {"exact", "fast"}) {
    INFO(precision);
    const std::string begin = "{id: Bandit-v0, precision: " + precision;
    const Paid coin = pulled(begin + ", means: [0.2, 0.7]}", 1);
    CHECK(coin.mean == Approx(0.7).margin(0.006));  // 4 standard errors
    CHECK(coin.deviation == Approx(std::sqrt(0.21)).margin(0.006));
    const Paid bell = pulled(begin + ", rewards: gaussian, means: [3, -1], deviation: 2}", 1);
    CHECK(bell.mean == Approx(-1).margin(0.026));
    CHECK(bell.deviation == Approx(2).margin(0.018));
  }
}

TEST_CASE("one arm is the best, another seed's another", "[envs]") {
  std::set<size_t> places;
  for (int64_t seed = 0; seed < 50; ++seed) {
    const auto means = envs::bandit_means({.arms = 5, .instance_seed = seed, .mean = 0.3, .gap = 0.2});
    REQUIRE(means.size() == 5);
    CHECK(std::count(means.begin(), means.end(), 0.3) == 4);
    const auto best = std::max_element(means.begin(), means.end());
    CHECK(*best == Approx(0.5));
    places.insert(size_t(best - means.begin()));
  }
  CHECK(places.size() == 5);
  CHECK(best_returns(envs::bandit_transitions({}), 1000)[0] == Approx(600));
  CHECK(best_returns(envs::bandit_transitions({.rewards = "gaussian", .means = {4, -2}}), 10)[0] ==
        Approx(40));
}

TEST_CASE("a mean that is no probability is refused", "[envs]") {
  const std::string said = env_refusal("{id: Bandit-v0, means: [0.5, 1.5]}");
  CHECK(said.find("arm 1 has 1.5") != std::string::npos);
  CHECK(env_refusal("{id: Bandit-v0, rewards: gaussian, means: [0.5, 1.5]}").empty());
}

// N - 2 steps to the far end, of which the last one pays, and 11 more there: 12 whatever N is.
TEST_CASE("the far end of a chain pays twelve times, the near one a trifle", "[envs]") {
  for (const int64_t length : {3, 10, 30}) {
    CHECK(best_returns(envs::chain_transitions({.length = length}), length + 9)[1] == Approx(12));
    const auto near = envs::chain_transitions({.length = length, .far_reward = 0});
    CHECK(best_returns(near, length + 9)[1] == Approx(0.001 * double(length + 9)));
  }
}

TEST_CASE("episodes of a chain last N + 9 steps, unless one says otherwise", "[envs]") {
  CHECK(env_batch("Chain-v0").envs->spec().max_episode_steps == 19);
  CHECK(env_batch("{id: Chain-v0, length: 30}").envs->spec().max_episode_steps == 39);
  CHECK(env_batch("{id: Chain-v0, length: 30, max_episode_steps: 7}").envs->spec().max_episode_steps == 7);
  CHECK(env_batch("{id: Chain-v0, max_episode_steps: 0}").envs->spec().max_episode_steps == 0);
}

TEST_CASE("the treasure of the deep sea is worth 0.99", "[envs]") {
  for (const int64_t size : {2, 10, 20}) {
    CHECK(optimal(envs::sea_transitions({.size = size}))[0] == Approx(0.99));
    CHECK(optimal(envs::sea_transitions({.size = size, .randomize_actions = false}))[0] == Approx(0.99));
    CHECK(optimal(envs::sea_transitions({.size = size, .move_cost = 2}))[0] == Approx(0).margin(1e-12));
  }
}

// One who has failed once no longer pays for steps to the right: so their cost ends there, which is a little
// better than bsuite's optimal_return.
TEST_CASE("a stochastic sea is worth its chance to reach the corner", "[envs]") {
  const double n = 10, holds = 1 - 1 / n;
  double cost = 0;
  for (int k = 0; k < 10; ++k) cost += std::pow(holds, k) * 0.01 / n;
  const auto table = envs::sea_transitions({.stochastic = true});
  CHECK(optimal(table)[0] == Approx(std::pow(holds, n - 1) - cost));
}

TEST_CASE("cells of the sea draw which action leads to the right", "[envs]") {
  const auto rights = envs::sea_rights({.size = 40});
  const auto ones = std::count(rights.begin(), rights.end(), 1);
  CHECK(std::abs(double(ones) - 800) < 80);  // 4 deviations
  CHECK(envs::sea_rights({.size = 40, .mapping_seed = 1}) != rights);
  const auto plain = envs::sea_rights({.size = 40, .randomize_actions = false});
  CHECK(std::count(plain.begin(), plain.end(), 1) == 1600);
}

TEST_CASE("the sea is played as its table says", "[envs]") {
  for (const std::string precision : {"exact", "fast"}) {
    Batch batch = env_batch("{id: DeepSea-v0, size: 5, precision: " + precision + "}", 100);
    const auto table = envs::sea_transitions({.size = 5});
    core::Pcg64 random(2);
    batch.reset(0);
    int wrong = 0;
    for (int t = 0; t < 50; ++t) {
      batch.draw_actions(random);
      std::vector<int32_t> before(batch.n), after(batch.n);
      std::memcpy(before.data(), batch.obs.data(), batch.obs.size());
      batch.step();
      std::memcpy(after.data(), batch.obs.data(), batch.obs.size());
      for (size_t i = 0; i < batch.n; ++i) {
        const auto& o = table.of(before[i], batch.discrete[i])[0];
        if (batch.terminated[i]) std::memcpy(&after[i], batch.row(batch.final_obs, i), sizeof(int32_t));
        wrong +=
            after[i] != o.next || batch.reward[i] != float(o.reward) || batch.terminated[i] != o.terminated;
      }
    }
    CHECK(wrong == 0);
  }
}

// To the right all the way: (1 - 1/N)^(N - 1) - 0.01, bsuite's optimal_return; the noise adds only variance.
TEST_CASE("a stochastic sea slips once in N and its corners are noisy", "[envs]") {
  for (const std::string precision : {"exact", "fast"}) {
    INFO(precision);
    Batch batch = env_batch(
        "{id: DeepSea-v0, size: 4, stochastic: true, randomize_actions: false, precision: " + precision + "}",
        40'000);
    batch.reset(0);
    std::fill(batch.discrete.begin(), batch.discrete.end(), 1);
    for (int t = 0; t < 4; ++t) batch.step();
    const double n = double(batch.n), p = std::pow(0.75, 3);
    const double mean = std::accumulate(batch.returns.begin(), batch.returns.end(), 0.0) / n;
    double square = 0;
    for (const double x : batch.returns) square += (x - mean) * (x - mean) / n;
    const double noisy = p + std::pow(0.25, 3);  // ends in the right corner, or never left the first column
    CHECK(mean == Approx(p - 0.01).margin(0.018));
    CHECK(square == Approx(noisy + p * (1 - p)).margin(0.03));
  }
}

// Always to the right is a walk of births and deaths: pi(s + 1) / pi(s) = up / down.
TEST_CASE("the river's best average reward is that of its stationary distribution", "[envs]") {
  const auto table = envs::river_transitions({});
  std::vector<double> share{1};
  for (int s = 0; s < 5; ++s) share.push_back(share.back() * 0.3 / (s == 4 ? 0.7 : 0.1));
  const double all = std::accumulate(share.begin(), share.end(), 0.0);
  const double average = share[5] / all * 0.3 * 10000;
  CHECK(average == Approx(668.8).margin(0.1));
  const auto longer = best_returns(table, 2001), shorter = best_returns(table, 2000);
  for (size_t s = 0; s < 6; ++s) CHECK(longer[s] - shorter[s] == Approx(average));
  const auto calm = best_returns(envs::river_transitions({.large_reward = 0}), 100);
  CHECK(calm[0] == Approx(500));
  CHECK(table.initial == std::vector<double>{0, 0.5, 0.5, 0, 0, 0});
}

namespace {

// Solves A x = b by Gauss's elimination, [n, n] row by row.
std::vector<double> solved(std::vector<double> a, std::vector<double> b) {
  const size_t n = b.size();
  for (size_t k = 0; k < n; ++k)
    for (size_t row = 0; row < n; ++row) {
      if (row == k) continue;
      const double factor = a[row * n + k] / a[k * n + k];
      for (size_t column = k; column < n; ++column) a[row * n + column] -= factor * a[k * n + column];
      b[row] -= factor * b[k];
    }
  for (size_t k = 0; k < n; ++k) b[k] /= a[k * n + k];
  return b;
}

// The action that is worth most.
int64_t greedy(const envs::Transitions& table, const std::vector<double>& values, int64_t state,
               double gamma) {
  const double best = best_value(table, values, state, gamma);
  for (int64_t a = 0;; ++a) {
    double sum = 0;
    for (const auto& o : table.of(state, a))
      sum += o.probability * (o.reward + gamma * values[size_t(o.next)]);
    if (sum == best) return a;
  }
}

}  // namespace

TEST_CASE("a random process has the values of its best policy's linear equations", "[envs]") {
  const double gamma = 0.9;
  const auto table = envs::random_transitions({.mdp_seed = 5});
  const auto values = optimal(table, gamma);
  const size_t n = values.size();
  std::vector<double> a(n * n), b(n);
  for (size_t s = 0; s < n; ++s) {
    a[s * n + s] = 1;
    for (const auto& o : table.of(int64_t(s), greedy(table, values, int64_t(s), gamma))) {
      a[s * n + size_t(o.next)] -= gamma * o.probability;
      b[s] += o.probability * o.reward;
    }
  }
  const auto exact = solved(a, b);
  for (size_t s = 0; s < n; ++s) CHECK(values[s] == Approx(exact[s]).epsilon(1e-10));
}

TEST_CASE("a random process branches as asked, by uniform cuts", "[envs]") {
  const auto table = envs::random_transitions({.states = 500});
  double rewards = 0, largest = 0;
  for (const auto& outcomes : table.outcomes) {
    REQUIRE(outcomes.size() == 3);
    std::set<int32_t> next;
    double sum = 0, most = 0;
    for (const auto& o : outcomes) {
      next.insert(o.next);
      sum += o.probability;
      most = std::max(most, o.probability);
    }
    CHECK(next.size() == 3);
    CHECK(sum == Approx(1));
    rewards += outcomes[0].reward / 2000;
    largest += most / 2000;
  }
  CHECK(rewards == Approx(0.5).margin(0.026));
  CHECK(largest == Approx(11.0 / 18).margin(0.015));  // the mean of the largest of three uniform parts
  CHECK(envs::random_transitions({.mdp_seed = 1}).of(0, 0)[0].reward != table.of(0, 0)[0].reward);
  CHECK(env_refusal("{id: RandomMDP-v0, states: 2}").find("branching") != std::string::npos);
}

}  // namespace tests::exploration

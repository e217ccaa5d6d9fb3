// Random actions: how often, and that they last.
#include "agents/value/exploration.h"

#include <cmath>

#include "agents/epsilon_schedule.h"
#include "tests/catch.h"

using agents::EpsilonSchedule;
using agents::Exploration;

TEST_CASE("random actions of one step come with probability epsilon, all as often", "[agents]") {
  Exploration each(1, 1);
  core::Pcg64 random(1), twin(1);
  for (int t = 0; t < 1000; ++t) {
    const int64_t plain = twin.random() < 0.3 ? twin.integers(0, 4) : Exploration::greedy;
    CHECK(each.next(0, 0.3, 4, random) == plain);
  }
}

TEST_CASE("a random action lasts k steps with probability ~ 1 / k^2", "[agents]") {
  Exploration lasting(1, 4);
  core::Pcg64 random(2);
  std::vector<int> count(4);
  for (int n = 0; n < 20000; ++n) {
    int k = 0;
    while (lasting.next(0, k == 0 ? 1 : 0, 3, random) != Exploration::greedy) ++k;
    ++count[size_t(k - 1)];
  }
  const double sum = 1 + 1 / 4.0 + 1 / 9.0 + 1 / 16.0;
  for (int k = 1; k <= 4; ++k) {
    const double p = 1 / (k * k * sum), deviation = std::sqrt(20000 * p * (1 - p));
    CHECK(std::abs(count[size_t(k - 1)] - 20000 * p) < 4 * deviation);
  }
}

TEST_CASE("no random action outlives its episode", "[agents]") {
  Exploration lasting(2, 1000);
  core::Pcg64 random(3);
  int longer = 0;
  for (int n = 0; n < 100; ++n) {
    lasting.next(0, 1, 2, random);
    lasting.next(1, 1, 2, random);
    lasting.end(0);
    CHECK(lasting.next(0, 0, 2, random) == Exploration::greedy);
    longer += lasting.next(1, 0, 2, random) != Exploration::greedy;
    lasting.end(1);
  }
  CHECK(longer > 10);
}

TEST_CASE("epsilon falls on a line for its share of the budget, then stays", "[agents][exploration]") {
  const EpsilonSchedule half{.start = 0.9, .end = 0.1, .share = 0.5};
  for (const auto& [progress, expected] :
       {std::pair{0.0, 0.9}, {0.125, 0.7}, {0.25, 0.5}, {0.5, 0.1}, {0.8, 0.1}})
    CHECK(half.at(half.over(progress)) == Approx(expected));
  CHECK(EpsilonSchedule{.share = 0}.over(0) == 1);
}

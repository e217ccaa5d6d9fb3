// What bandits miss, against their theorems: logarithms for UCB1 and Thompson sampling, a straight line for
// epsilon-greedy.
#include <cmath>
#include <map>

#include "agents/all.h"
#include "tests/catch.h"
#include "tests/trial.h"

namespace {

const std::vector<double> means{0.2, 0.5, 0.8};
const std::vector<double> gaps{0.6, 0.3};  // of the arms that are not the best

// Mean over the seeds of the regret after 1,000, 10,000 and 100,000 pulls.
std::map<int64_t, double> regret(const std::string& agent, const std::string& own, int seeds) {
  std::map<int64_t, double> mean;
  for (int seed = 0; seed < seeds; ++seed) {
    auto session = trial::session("{seed: " + std::to_string(seed) + ", agent: " + agent +
                                      ", env: {id: Bandit-v0, means: [0.2, 0.5, 0.8]}, " + agent +
                                      ": {num_steps: 1000" + own + "}, train: {env_steps: 100k}}",
                                  agents::all());
    double last = 0;
    const training::Logger logger{[&](const std::string& metric, double logged) {
                                    if (metric == "train/regret") last = logged;
                                  },
                                  {}};
    while (session.progress() < 1) {
      session.step(logger);
      const int64_t pulls = session.counters.env_steps;
      if (pulls == 1000 || pulls == 10000 || pulls == 50000 || pulls == 100000) mean[pulls] += last / seeds;
    }
  }
  return mean;
}

double divergence(double p, double q) { return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q)); }

// Lai & Robbins (1985): no good rule's regret grows by less than so much for each factor e of the pulls.
double least_slope() {
  double slope = 0;
  for (size_t a = 0; a < gaps.size(); ++a) slope += gaps[a] / divergence(means[a], 0.8);
  return slope;
}

}  // namespace

TEST_CASE("UCB1's regret is a logarithm, below the bound of its theorem", "[agents][bandits]") {
  const auto r = regret("ucb1_bandit", "", 10);
  INFO(r.at(1000) << ", " << r.at(10000) << ", " << r.at(100000));
  for (const auto& [n, found] : r) {
    double bound = 0;  // Auer, Cesa-Bianchi & Fischer (2002), theorem 1
    for (const double gap : gaps)
      bound += 8 * std::log(static_cast<double>(n)) / gap + (1 + M_PI * M_PI / 3) * gap;
    CHECK(found < bound);
  }
  const double early = r.at(10000) - r.at(1000), late = r.at(100000) - r.at(10000);
  CHECK(late < 1.5 * early);  // a line: 10 times as much
  CHECK(late > least_slope() * std::log(10));
}

TEST_CASE("Thompson sampling's regret grows as slowly as any can", "[agents][bandits]") {
  const auto r = regret("thompson_bandit", "", 10);
  INFO(r.at(1000) << ", " << r.at(10000) << ", " << r.at(100000) << ", Lai & Robbins " << least_slope());
  for (const auto& [n, found] : r) CHECK(found < 2 * least_slope() * std::log(static_cast<double>(n)));
  const double late = r.at(100000) - r.at(10000);
  CHECK(late < 2 * least_slope() * std::log(10));
  CHECK(late > 0.3 * least_slope() * std::log(10));
}

TEST_CASE("Thompson sampling with a gaussian belief misses little, too", "[agents][bandits]") {
  const auto r = regret("thompson_bandit", ", posterior: gaussian, deviation: 0.5", 5);
  CHECK(r.at(100000) < 0.002 * 100000 * 0.3);
}

TEST_CASE("epsilon-greedy's regret grows by epsilon times the mean gap with each pull", "[agents][bandits]") {
  const auto r = regret("epsilon_greedy_bandit", ", epsilon_start: 0.1, epsilon_end: 0.1", 5);
  const double slope = (r.at(100000) - r.at(50000)) / 50000;
  CHECK(slope == Approx(0.1 * (0.6 + 0.3 + 0) / 3).epsilon(0.05));  // five deviations are 0.03 of it
}

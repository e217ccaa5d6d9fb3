#include "agents/bandits/thompson.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "envs/normal.h"
#include "envs/precision.h"

namespace agents {

void ThompsonRule::Options::fields(core::Fields& own) {
  own.choice(
      "posterior", posterior,
      "What is believed of a mean. beta: of rewards of 0 .. 1, from a uniform prior; gaussian: of rewards "
      "with a known deviation, from one of mean 0 that counts as one pull",
      {"beta", "gaussian"});
  own.add("deviation", deviation, "Standard deviation of an arm's rewards, where it is gaussian",
          {.min = 0, .max = 1e9, .above = true, .unit = "reward"});
}

static double normal_draw(core::Pcg64& random) { return envs::normal<envs::Exact>(random); }

double ThompsonRule::drawn_mean(size_t arm, core::Pcg64& random) const {
  const double n = estimates_.pulls()[arm], sum = n * estimates_.means()[arm];
  if (is_beta()) return beta_draw(1 + sum, 1 + std::max(0.0, n - sum), random);
  return sum / (n + 1) + options_.deviation / std::sqrt(n + 1) * normal_draw(random);
}

int64_t ThompsonRule::choose(core::Pcg64& random, double) const {
  int64_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (size_t arm = 0; arm < values().size(); ++arm) {
    const double mean = drawn_mean(arm, random);
    if (mean <= most) continue;
    most = mean;
    best = static_cast<int64_t>(arm);
  }
  return best;
}

double ThompsonRule::learn(int64_t arm, double reward) {
  core::check(!is_beta() || (reward >= 0 && reward <= 1),
              "thompson_bandit.posterior: beta needs rewards of 0 .. 1, found {}; expected gaussian", reward);
  return estimates_.learn(arm, reward);
}

}  // namespace agents

#include "agents/evolution/cma_constants.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/evolution/ranking.h"
#include "core/error.h"

namespace agents {

// Log-weights of the better half (49, 53), whose negative rest is set to zero.
static std::vector<double> recombination_weights(size_t lambda) {
  std::vector<double> weights;
  for (size_t i = 1; i <= lambda / 2; ++i)
    weights.push_back(std::log((static_cast<double>(lambda) + 1) / 2) - std::log(i));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& w : weights) w /= sum;
  return weights;
}

CmaConstants cma_constants(size_t dimensions, size_t lambda) {
  core::check(lambda >= 2, "CMA-ES needs at least 2 candidates, found {}", lambda);
  CmaConstants k;
  const auto d = static_cast<double>(dimensions);
  k.weights = recombination_weights(lambda);
  k.mu_eff = 1 / sum_of_squares(k.weights);
  k.c_sigma = (k.mu_eff + 2) / (d + k.mu_eff + 5);                                         // (55)
  k.d_sigma = 1 + 2 * std::max(0.0, std::sqrt((k.mu_eff - 1) / (d + 1)) - 1) + k.c_sigma;  // (55)
  k.c_c = (4 + k.mu_eff / d) / (d + 4 + 2 * k.mu_eff / d);                                 // (56)
  k.c_1 = 2 / ((d + 1.3) * (d + 1.3) + k.mu_eff);                                          // (57)
  const double spread = 0.25 + k.mu_eff + 1 / k.mu_eff - 2;  // with the 0.25 that Hansen's own pycma adds
  k.c_mu = std::min(1 - k.c_1, 2 * spread / ((d + 2) * (d + 2) + k.mu_eff));  // (58)
  k.expected_norm = std::sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d));
  return k;
}

}  // namespace agents

// Arms drawn by pi(a) ~ exp(value of a / temperature), the Gibbs distribution (Luce 1959; Sutton & Barto
// 2018, equation 2.11).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"

namespace agents {

class SoftmaxChoice {
 public:
  explicit SoftmaxChoice(int64_t arms) : probabilities_(static_cast<size_t>(arms)) {}

  // pi [A], in memory that is its own until the next call.
  std::span<const double> probabilities(std::span<const double> values, double temperature) {
    const double most = *std::max_element(values.begin(), values.end());
    double sum = 0;
    for (size_t a = 0; a < values.size(); ++a)
      sum += probabilities_[a] = std::exp((values[a] - most) / temperature);
    for (double& p : probabilities_) p /= sum;
    return probabilities_;
  }
  int64_t draw(std::span<const double> values, double temperature, core::Pcg64& random) {
    double left = random.random();
    int64_t drawn = 0, arm = 0;
    for (const double p : probabilities(values, temperature)) {
      if (p > 0) drawn = arm;  // where rounding leaves something: the last that is possible
      if ((left -= p) < 0) return arm;
      ++arm;
    }
    return drawn;
  }

 private:
  std::vector<double> probabilities_;  // [A]
};

}  // namespace agents

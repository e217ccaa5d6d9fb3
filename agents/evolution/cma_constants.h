// What both CMA-ES take for granted: the tutorial's strategy parameters (Hansen 2016, The CMA Evolution
// Strategy: A Tutorial, table 1), whose equations' numbers stand in parentheses.
#pragma once

#include <cstddef>
#include <vector>

namespace agents {

struct CmaConstants {
  std::vector<double> weights;  // [mu], of the first, second, ... best, positive, sum 1
  double mu_eff = 0;            // candidates that this recombination is worth
  double c_sigma = 0;           // how fast the path of the step size forgets
  double d_sigma = 0;           // damping of the step size
  double c_c = 0;               // how fast the path of the covariance forgets
  double c_1 = 0, c_mu = 0;     // how fast the covariance learns from that path, from the selected steps
  double expected_norm = 0;     // E |N(0, I)|
};

// Of lambda candidates in d dimensions. Error for fewer than two.
CmaConstants cma_constants(size_t d, size_t lambda);

}  // namespace agents

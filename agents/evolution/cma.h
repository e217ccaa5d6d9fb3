// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772): a
// search that learns which directions pay. For any function of d numbers; the less the better. Plain loops in
// one order: the same bits at any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/evolution/jacobi.h"
#include "core/archive.h"

namespace agents {

class Cma {
 public:
  Cma() = default;
  // From `mean` [d] with standard deviation `sigma` in every direction; lambda >= 2 candidates a generation.
  Cma(std::vector<double> mean, double sigma, int64_t lambda);

  // Candidates [lambda, d], drawn by (seed, generation, candidate).
  std::vector<double> ask(uint64_t seed);
  // costs [lambda] of the latest candidates. Error(failed) when one is not finite.
  void tell(std::span<const double> costs);

  const std::vector<double>& mean() const { return mean_; }
  const std::vector<double>& covariance() const { return covariance_; }  // [d, d]
  double sigma() const { return sigma_; }
  // Longest by shortest axis of the distribution, at the latest ask.
  double axis_ratio() const;
  // Everything that a search carries from one generation to the next.
  void state(core::Archive& archive);

 private:
  struct Parents {  // candidates with a weight
    std::vector<size_t> order;
    std::vector<double> weights;  // positive, sum 1
  };
  Parents select_parents(std::span<const double> costs) const;
  std::vector<double> root_times(const std::vector<double>& z) const;
  std::vector<double> recombine(const std::vector<double>& rows, const Parents& parents) const;
  void check_restored() const;
  void adapt_covariance(const Parents& parents, double lost);

  size_t d_ = 0, lambda_ = 0;
  std::vector<double> weights_;  // [mu], of the first, second, ... best, positive, sum 1
  double mu_eff_ = 0, c_sigma_ = 0, d_sigma_ = 0, c_c_ = 0, c_1_ = 0, c_mu_ = 0, expected_norm_ = 0;
  std::vector<double> mean_, path_sigma_, path_c_;  // [d]: m, and the evolution paths
  std::vector<double> covariance_;                  // [d, d]: C
  double sigma_ = 0;
  int64_t generation_ = 0;
  Eigen axes_;                 // of the latest ask: B and D^2
  std::vector<double> z_, y_;  // [lambda, d]
};

}  // namespace agents

// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772): a
// search that learns which directions pay. For any function of d numbers; the less the better. Plain loops in
// one order: the same bits at any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/evolution/cma_motion.h"
#include "agents/evolution/jacobi.h"

namespace agents {

class Cma {
 public:
  Cma() = default;
  // From `mean` [d] with standard deviation `sigma` in every direction; lambda >= 2 candidates a generation.
  // `lazy`: the covariance is decomposed only once it has had time to change (the tutorial's appendix B.2).
  Cma(std::vector<double> mean, double sigma, int64_t lambda, bool lazy = false);

  // Candidates [lambda, d], drawn by (seed, generation, candidate).
  std::vector<double> ask(uint64_t seed);
  // costs [lambda] of the latest candidates. Error(failed) when one is not finite.
  void tell(std::span<const double> costs);

  const std::vector<double>& mean() const { return motion_.mean; }
  const std::vector<double>& covariance() const { return covariance_; }  // [d, d]
  double sigma() const { return motion_.sigma; }
  // Longest by shortest axis of the distribution, at the latest ask.
  double axis_ratio() const;
  // The largest standard deviation of any one number, the latest path of the covariance included.
  double reach() const;
  // Whether a fifth of a standard deviation of some number, or a tenth of one along an axis, is too small to
  // change the mean.
  bool is_stuck() const;
  // Everything that a search carries from one generation to the next.
  void state(core::Archive& archive);

 private:
  std::vector<double> root_times(const std::vector<double>& z) const;
  void decompose();
  void check_restored() const;
  void adapt_covariance(const Ranking& parents, double lost);

  size_t d_ = 0, lambda_ = 0;
  CmaConstants k_;
  CmaMotion motion_;
  std::vector<double> covariance_;  // [d, d]: C
  int64_t interval_ = 1;            // generations between two decompositions
  int64_t decomposed_ = 0;          // generation of the latest one; below 0: none yet
  Eigen axes_;                      // B and D^2 of it
  std::vector<double> z_, y_;       // [lambda, d]
};

}  // namespace agents

// The (mu/mu_w, lambda)-CMA-ES (Hansen 2016, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772): a
// search that learns which directions pay. For any function of d numbers; the less the better.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace agents {

class Cma {
 public:
  // Everything that a search carries from one generation to the next, float64.
  struct State {
    torch::Tensor mean;                // [d], m
    torch::Tensor sigma;               // [], the step size
    torch::Tensor path_sigma, path_c;  // [d], the evolution paths
    torch::Tensor covariance;          // [d, d], C
    torch::Tensor generation;          // []
  };

  Cma() = default;
  // From `mean` [d] with standard deviation `sigma` in every direction; lambda >= 2 candidates a generation.
  Cma(const torch::Tensor& mean, double sigma, int64_t lambda);

  // Candidates [lambda, d] float64, drawn by (seed, generation, candidate).
  torch::Tensor ask(uint64_t seed);
  // costs [lambda] of the latest candidates. Error(failed) when one is not finite.
  void tell(const torch::Tensor& costs);

  State& state() { return state_; }
  double sigma() const { return state_.sigma.item<double>(); }
  // Longest by shortest axis of the distribution, at the latest ask.
  double axis_ratio() const;

 private:
  int64_t d_ = 0, lambda_ = 0;
  torch::Tensor weights_;  // [mu], positive, sum 1
  double mu_eff_ = 0, c_sigma_ = 0, d_sigma_ = 0, c_c_ = 0, c_1_ = 0, c_mu_ = 0, expected_norm_ = 0;
  State state_;
  torch::Tensor axes_, lengths_;  // of the latest ask: B [d, d], D [d]
  torch::Tensor z_, y_;           // [lambda, d]
};

}  // namespace agents

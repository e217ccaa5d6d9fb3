// A step within a trust region (Schulman et al. 2015, appendix C): conjugate gradients find where to go, a
// line search how far.
#pragma once

#include <functional>

#include "agents/actor.h"
#include "core/options.h"

namespace agents {

// The x [P] for which A x = b, float64, where A is symmetric, positive definite and told by its products
// (Hestenes & Stiefel 1952): exact after P steps, sooner good enough. It ends after so many, or once
// |b - A x|^2 is below `tolerance`.
torch::Tensor conjugate_gradient(const std::function<torch::Tensor(const torch::Tensor&)>& product,
                                 const torch::Tensor& b, int64_t steps, double tolerance = 1e-10);

struct TrustRegionOptions {
  double max_kl = 0.01, cg_damping = 0.1, backtrack_factor = 0.8;
  int64_t cg_steps = 15, backtracks = 10;

  void fields(core::Fields& own);
};

// What a policy did in B states.
struct PolicyBatch {
  NetInput seen;
  torch::Tensor mask;        // [B, A]; undefined: all was possible
  torch::Tensor actions;     // [B] or [B, A]
  torch::Tensor log_probs;   // [B], of the actions, by the policy as it is before the step
  torch::Tensor advantages;  // [B]
};

struct PolicyStep {
  double surrogate = 0;  // by how much the mean of r A rose, r = pi(a|s) / pi_before(a|s)
  double kl = 0;         // mean KL(pi_before || pi), nats
  double share = 0;      // of the longest step that the Fisher matrix lets expect within max_kl; 0: none
  double entropy = 0;    // of the policy before the step, mean, nats
  double grad_norm = 0;  // of the surrogate there
};
// Moves the policy by the longest of the tried steps that stays within max_kl and raises the surrogate; where
// none does, or the gradient is not finite, it stays as it was, bit for bit. No memory in the net.
PolicyStep trust_region_step(Actor& actor, const PolicyBatch& batch, const TrustRegionOptions& options);

}  // namespace agents

// How far a policy has moved from where it was, by the Kullback-Leibler divergence, and how that grows at
// first: by the Fisher matrix (Kakade 2002; Schulman et al. 2015, appendix C.1).
#pragma once

#include "agents/actor.h"

namespace agents {

// What a policy says of B states.
struct PolicyAnswer {
  torch::Tensor outputs;  // [B, K] logits, `impossible` where masked, or means
  torch::Tensor log_std;  // [A], Box only
};
PolicyAnswer answer(Actor& actor, const NetInput& seen, const torch::Tensor& mask);

// Mean over the states of KL(then || now), nats.
double divergence(const Actor& actor, const PolicyAnswer& then, const PolicyAnswer& now);

// The actor's parameters, one after the other: [P] float64 on the CPU.
torch::Tensor flat_parameters(const Actor& actor);
void assign_parameters(Actor& actor, const torch::Tensor& values);
// Their gradient, likewise, which is 0 afterwards.
torch::Tensor take_gradient(Actor& actor);

// F `direction`, [P]: the Hessian along the parameters of divergence(now, .), where it is 0. `now` is what
// the actor says of `seen`. Gradients are 0 before and after; no memory in the net.
torch::Tensor fisher_product(Actor& actor, const NetInput& seen, const PolicyAnswer& now,
                             const torch::Tensor& direction);

}  // namespace agents

// A prior over codes that is learned with the model: an invertible map onto N(0, I), RealNVP's couplings
// (Huang et al. 2017, Learnable explicit density for continuous latent space and variational inference).
#pragma once

#include "training/torch.h"

#include <vector>

#include "generative/flow/affine_coupling.h"
#include "training/nets/mlp.h"

namespace generative {

struct FlowPriorOptions {
  int64_t couplings = 4;
  std::vector<int64_t> hidden{64};
  void fields(core::Fields& f);
};

class FlowPriorImpl : public torch::nn::Module {
 public:
  // Of codes of an even number of dimensions (Error); N(0, I) before it has learned, nearly.
  FlowPriorImpl(int64_t dimensions, const FlowPriorOptions& options);

  torch::Tensor log_prob(const torch::Tensor& z);        // [..., Z] -> [...], nats
  torch::Tensor from_noise(const torch::Tensor& noise);  // [n, Z] of N(0, I) -> [n, Z] of the prior

 private:
  AffineCoupling coupling_;
  std::vector<training::Mlp> nets_;  // of each coupling: what passes -> how the rest is mapped
};
TORCH_MODULE(FlowPrior);

}  // namespace generative

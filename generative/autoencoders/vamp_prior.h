// A prior over codes that is the mean of q(z|u) over K inputs u, which are learned with the model (Tomczak &
// Welling 2018, VAE with a VampPrior, eq. 9).
#pragma once

#include "training/torch.h"

#include "training/distributions.h"

namespace generative {

// The inputs u alone; what the encoder says of them is the caller's.
class VampPriorImpl : public torch::nn::Module {
 public:
  // They begin as `rows` [K, D]; kept within 0..1 where the data are.
  VampPriorImpl(const torch::Tensor& rows, bool in_unit_range);

  torch::Tensor inputs() const { return in_unit_range_ ? inputs_.clamp(0, 1) : inputs_; }  // [K, D]

 private:
  torch::Tensor inputs_;
  bool in_unit_range_;
};
TORCH_MODULE(VampPrior);

// ln of the mean over k of N(z; q_k), q of [K, Z] and z [..., Z]: [...], nats.
torch::Tensor log_mean_of(const training::Normal& q, const torch::Tensor& z);
// Codes [n, Z] of that mixture by noise [n, Z] of N(0, I); which of the K is drawn from `generator`.
torch::Tensor draw_of(const training::Normal& q, const torch::Tensor& noise,
                      const torch::Generator& generator);

}  // namespace generative

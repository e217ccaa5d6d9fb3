// The two nets of the game as its losses see them. Told the class: the generator beside its noise (Mirza &
// Osindero 2014), the critic by projection (Miyato & Koyama 2018, equation 3).
#pragma once

#include "training/torch.h"

#include <vector>

#include "training/loop/learner.h"
#include "training/nets/deconv_stack.h"
#include "training/nets/spectral_norm.h"

namespace generative {

struct GanNetOptions {
  int64_t latent = 32;
  int64_t classes = 0;  // K that both are told; 0: none
  bool spectral_norm = false;
  bool critic_batch_norm = true;  // where the options of the net have it
};

class GanNets {
 public:
  // For rows of the shape [C, H, W]: pictures, 0..1 outside and centred for the critic, or the numbers of
  // points, as they are. Registers both.
  void build(training::Build& build, const training::ConvStackImpl::Shape& shape, bool pictures,
             const GanNetOptions& options, const training::ConvStackOptions& net);

  torch::Tensor generate(const torch::Tensor& z, const torch::Tensor& classes);  // [B, Z], [B] -> [B, ...]
  // How like data, unbounded: x [B, ...], classes [B] -> [B, 1]. Told the class, the last layer's first unit
  // speaks of the row and one of the others, the class's own, of how they go together.
  torch::Tensor criticise(const torch::Tensor& x, const torch::Tensor& classes);

  training::DeconvStack& generator() { return generator_; }
  training::ConvStack& critic() { return critic_; }
  // All that its update moves: spectral norm's directions go with the weights.
  std::vector<torch::nn::Module*> critic_modules();

 private:
  GanNetOptions options_;
  bool pictures_ = false;
  training::DeconvStack generator_{nullptr};
  training::ConvStack critic_{nullptr};
  training::SpectralNorm spectral_norm_{nullptr};
};

}  // namespace generative

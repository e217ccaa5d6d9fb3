// Spectral normalisation (Miyato, Kataoka, Koyama & Yoshida 2018, algorithm 1): each layer's weight divided
// by its largest singular value, so that no layer enlarges a difference.
#pragma once

#include "training/torch.h"

#include <vector>

namespace training {

// Of all linear layers and convolutions of a net, which must outlive it and go on by its registered
// parameters: what an optimiser moves stays as it is, and what the layers multiply by is that over its
// norm. Buffers direction_1 [out], direction_2, ..., in the order of the net's layers: where power iteration
// has got to.
class SpectralNormImpl : public torch::nn::Module {
 public:
  // The directions are near the largest singular value's from the start, after twenty iterations.
  explicit SpectralNormImpl(torch::nn::Module& net);

  // To be called before each forward pass of the net: while training another iteration, then the layers'
  // weights anew, differentiable to the registered ones.
  void apply_to_net();
  // The estimates of the largest singular values of the registered weights, by layer: [] each.
  std::vector<torch::Tensor> norms() const;

 private:
  struct Layer {
    torch::Tensor* used;      // what the layer multiplies by
    torch::Tensor parameter;  // [out, ...]
  };
  void iterate(size_t layer, int64_t times);
  torch::Tensor norm_of(size_t layer) const;

  std::vector<Layer> layers_;
  std::vector<std::string> names_;  // of the directions
};
TORCH_MODULE(SpectralNorm);

}  // namespace training

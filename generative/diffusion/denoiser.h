// The net of a diffusion model: what it says of a row between data and noise, told the time and perhaps the
// class, which it now and then is not told (Ho & Salimans 2022, Classifier-free diffusion guidance).
#pragma once

#include "training/torch.h"

#include <vector>

#include "training/nets/mlp.h"
#include "training/nets/unet.h"

namespace generative {

struct DenoiserOptions {
  training::MlpOptions rows{.hidden = {128, 128, 128}, .activation = "silu"};
  training::UNetOptions pictures;

  void fields(core::Fields& f);
};

// A multi-layer perceptron for rows of numbers, a U-Net for pictures.
class DenoiserImpl : public torch::nn::Module {
 public:
  // shape: of one row, [D] or [C, H, W]; classes: K that it may be told, 0 for none.
  DenoiserImpl(const std::vector<int64_t>& shape, int64_t classes, const DenoiserOptions& options);

  // x [B, ...], time [B] of 0 .. 1, classes [B] of 0 .. K - 1 or K for one that is not told; undefined where
  // K is 0. -> [B, ...]
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& time, const torch::Tensor& classes);
  // (1 + w) f(x, class) - w f(x, no class): equation 6; of w = 0 the former alone.
  torch::Tensor guided(const torch::Tensor& x, const torch::Tensor& time, const torch::Tensor& classes,
                       double w);

 private:
  torch::Tensor context(const torch::Tensor& time, const torch::Tensor& classes) const;

  int64_t classes_;
  training::Mlp mlp_{nullptr};
  training::UNet unet_{nullptr};
};
TORCH_MODULE(Denoiser);

}  // namespace generative

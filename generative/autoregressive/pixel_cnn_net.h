// PixelCNN (van den Oord, Kalchbrenner & Kavukcuoglu 2016, Pixel recurrent neural networks, section 3.4):
// convolutions whose kernels are masked, so that a pixel sees those above and to the left of it alone.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "core/options.h"
#include "generative/autoregressive/pixel_rows.h"

namespace generative {

struct PixelCnnOptions {
  int64_t channels = 32;
  int64_t layers = 6;
  int64_t first_kernel = 7;
  int64_t kernel = 3;

  void fields(core::Fields& f);
};

// Zeros where a kernel would see what comes later.
class MaskedConvolutionImpl : public torch::nn::Module {
 public:
  MaskedConvolutionImpl(const std::string& name, int64_t in, int64_t out, int64_t kernel, bool sees_itself);

  int64_t reach() const { return reach_; }
  torch::Tensor forward(const torch::Tensor& x);  // [B, in, H, W] -> [B, out, H, W]
  // What the kernel has above and left of its centre, [out, in * (reach + 1) * kernel].
  torch::Tensor seen_weight() const;
  // The output at row i and column j of x with a margin of `reach` zeros, [B, in, H + 2 reach, W + 2 reach]:
  // [B, out].
  torch::Tensor at(const torch::Tensor& padded, int64_t i, int64_t j, const torch::Tensor& seen_weight) const;

 private:
  int64_t reach_;
  torch::nn::Conv2d conv_{nullptr};
  torch::Tensor mask_;  // [kernel, kernel]
};
TORCH_MODULE(MaskedConvolution);

class PixelCnnNetImpl : public torch::nn::Module {
 public:
  PixelCnnNetImpl(int64_t height, int64_t width, const PixelCnnOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, H * W] of 0 .. 1 -> log-odds [B, H * W]
  // PixelNet::go_on: each pixel costs one place of each layer, not a picture.
  void go_on(torch::Tensor x, int64_t first, const DrawNumber& draw);

 private:
  // What each layer sees, with its margin of zeros: the picture, then [B, C, H + 2 r, W + 2 r] for each
  // layer.
  std::vector<torch::Tensor> seen(const torch::Tensor& x);
  torch::Tensor head(const torch::Tensor& h);  // [..., C] -> [...]

  int64_t height_, width_;
  MaskedConvolution first_{nullptr};
  std::vector<MaskedConvolution> layers_;
  torch::nn::Linear mixed_{nullptr}, output_{nullptr};  // 1 x 1 convolutions
};
TORCH_MODULE(PixelCnnNet);

}  // namespace generative

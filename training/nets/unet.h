// U-Net (Ronneberger, Fischer & Brox 2015) of residual blocks that are told a context, such as a time (Ho,
// Jain & Abbeel 2020, appendix B): picture in, picture of the same size out.
#pragma once

#include "training/torch.h"

#include <array>
#include <string>
#include <vector>

#include "core/options.h"

namespace training {

struct UNetOptions {
  std::vector<int64_t> channels{32, 64, 64};
  int64_t blocks = 1;
  int64_t groups = 8;

  void fields(core::Fields& f);
};

// Group normalisation (Wu & He 2018). Parameters weight [C], bias [C].
class GroupNormImpl : public torch::nn::Module {
 public:
  // Of as many groups as `groups` and C have for their greatest common divisor.
  GroupNormImpl(int64_t channels, int64_t groups);

  torch::Tensor forward(const torch::Tensor& x) {  // [B, C, H, W]
    return torch::group_norm(x, groups_, weight_, bias_, 1e-5);
  }

 private:
  int64_t groups_;
  torch::Tensor weight_, bias_;
};
TORCH_MODULE(GroupNorm);

// x + F(x), F = norm, silu, convolution, plus what the context says of each channel, norm, silu, convolution;
// where channels change a 1 x 1 convolution carries x. F begins as nothing but the context's share of it.
class ContextBlockImpl : public torch::nn::Module {
 public:
  ContextBlockImpl(int64_t inputs, int64_t outputs, int64_t context, int64_t groups);

  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& context);  // [B, C, H, W], [B, E]

 private:
  GroupNorm norm_1_, norm_2_;
  torch::nn::Conv2d conv_1_, conv_2_, shortcut_{nullptr};
  torch::nn::Linear context_;
};
TORCH_MODULE(ContextBlock);

// A level for each number of channels: blocks, of which the last one's output is kept; a strided convolution
// halves the sides on the way to the next. On the way back the sides are doubled and what was kept comes in
// beside. The last convolution begins at zero, and with it the output.
// Parameters context.weight, stem.weight, down_1_1.conv_1.weight, ..., half_1.weight, ..., middle...,
// up_1_1...
class UNetImpl : public torch::nn::Module {
 public:
  using Shape = std::array<int64_t, 3>;  // C, H, W

  // `name` is what it is called in messages. Error unless the sides of `input` can be halved so many times.
  UNetImpl(const std::string& name, Shape input, int64_t outputs, int64_t context,
           const UNetOptions& options);

  // [B, C, H, W], context [B, E] -> [B, outputs, H, W]
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& context);

 private:
  struct Level {
    std::vector<ContextBlock> down, up;
    torch::nn::Conv2d half{nullptr}, twice{nullptr};  // to the next level and back; none of the last one
  };
  void add_level(size_t level, int64_t inputs, const UNetOptions& options);
  torch::Tensor traced(const std::string& layer, const torch::Tensor& h) const;

  std::string name_;
  int64_t width_;  // of the context within
  torch::nn::Linear context_;
  torch::nn::Conv2d stem_, last_;
  std::vector<Level> levels_;
  ContextBlock middle_;
  GroupNorm norm_;
};
TORCH_MODULE(UNet);

}  // namespace training

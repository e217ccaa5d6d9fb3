// Vision transformer: a picture as a sequence of patches, each of which looks at all others.
#pragma once

#include "training/torch.h"

#include <array>
#include <string>
#include <vector>

#include "core/options.h"

namespace training {

struct VisionTransformerOptions {
  int64_t patch = 4, layers = 4, heads = 4, width = 64;
  double dropout = 0;

  void fields(core::Fields& f);
};

// Patches of P x P pixels, row by row, each as its numbers: [B, C, H, W] -> [B, H W / P^2, C P^2].
torch::Tensor patches_of(const torch::Tensor& pictures, int64_t patch);

// x + attention(norm(x)), then x + down(gelu(up(norm(x)))) with a hidden layer four times as wide; nothing is
// masked.
class EncoderBlockImpl : public torch::nn::Module {
 public:
  explicit EncoderBlockImpl(const VisionTransformerOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, T, D] -> [B, T, D]

 private:
  torch::Tensor attention(const torch::Tensor& x);
  torch::Tensor drop(const torch::Tensor& x) const;

  int64_t heads_;
  double dropout_;
  torch::Tensor norm_1_, norm_2_;  // [D]
  torch::nn::Linear qkv_, out_, up_, down_;
};
TORCH_MODULE(EncoderBlock);

// A linear layer for the patches, a learned class token before them, learned positions, blocks, a norm, and a
// linear layer for what the class token has become.
// Parameters class_token, positions, patches.weight, patches.bias, block_1.norm_1, ..., norm, output.weight,
// output.bias.
class VisionTransformerImpl : public torch::nn::Module {
 public:
  using Shape = std::array<int64_t, 3>;  // C, H, W

  // Error unless the patches divide the picture and the heads divide the width.
  VisionTransformerImpl(const std::string& name, Shape input, int64_t outputs,
                        const VisionTransformerOptions& options);

  torch::Tensor forward(const torch::Tensor& x) {
    return output(features(x));
  }  // [B, C, H, W] -> [B, outputs]
  // Its two parts: what the last layer is given, [B, D], and that layer.
  torch::Tensor features(const torch::Tensor& x) { return encode(patches_of(x, patch_)); }
  torch::Tensor output(const torch::Tensor& features) { return output_->forward(features); }
  torch::Tensor encode(const torch::Tensor& patches);  // [B, N, C P^2] -> [B, D]

  std::vector<torch::Tensor> embeddings() const { return {class_token_, positions_}; }

 private:
  std::string name_;
  int64_t patch_;
  double dropout_;
  torch::Tensor class_token_, positions_, norm_;  // [D], [1 + N, D], [D]
  torch::nn::Linear patches_{nullptr}, output_{nullptr};
  std::vector<EncoderBlock> blocks_;
};
TORCH_MODULE(VisionTransformer);

}  // namespace training

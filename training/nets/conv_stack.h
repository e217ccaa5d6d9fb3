// Convolution stack: [convolutions, batch norm, activation, pooling] times n, then fully connected layers.
#pragma once

#include "training/torch.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/nets/mlp.h"

namespace training {

// What LeNet, VGG and nets for pictures of any size have beside the plain stack, and no mirror image knows.
struct ConvBlockOptions {
  int64_t per_block = 1;
  std::vector<int64_t> padding;
  std::string pooling = "max", global_pool = "none";  // max, mean; none, max, mean

  void fields(core::Fields& f);
  bool is_plain() const { return per_block == 1 && padding.empty() && pooling == "max" && !any_size(); }
  bool any_size() const { return global_pool != "none"; }  // of pictures
};

struct ConvStackOptions {
  std::vector<int64_t> channels{16, 32};
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t pool = 2;
  bool batch_norm = true;
  MlpOptions fc{
      .hidden = {128}};     // after flattening; its activation and initialiser serve the convolutions too
  ConvBlockOptions blocks;  // fields() leaves them to a net that is no mirror image's

  void fields(core::Fields& f);
  double gain() const;                              // of the convolutions' first weights
  int64_t shrink() const { return stride * pool; }  // how many times smaller one convolution makes a side
};

// Parameters conv_1.weight, norm_1.weight, ..., fc.hidden_1.weight, ..., fc.output.weight. Without channels
// it is the fully connected layers alone. With a global pool it takes pictures of any size that has a pixel
// left, and `input` is the smallest one.
class ConvStackImpl : public torch::nn::Module {
 public:
  using Shape = std::array<int64_t, 3>;  // C, H, W

  // Error when a picture of `input` is too small for so many poolings.
  ConvStackImpl(const std::string& name, Shape input, int64_t outputs, const ConvStackOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, C, H, W] float32 -> [B, outputs]
  // Its two parts: what the last layer is given, [B, F], and that layer.
  torch::Tensor features(const torch::Tensor& x);
  torch::Tensor output(const torch::Tensor& features) { return head_->output(features); }

 private:
  int64_t padding(size_t block) const;
  // By a block's convolutions and its pooling; 0 where nothing is left.
  int64_t shrunk(int64_t side, size_t block) const;
  void add_block(size_t block, int64_t channels);
  torch::Tensor pooled(const torch::Tensor& x) const;    // behind a block
  torch::Tensor gathered(const torch::Tensor& x) const;  // behind the last one: [B, F]

  std::string name_;
  ConvStackOptions options_;
  std::vector<torch::nn::Conv2d> convolutions_;
  std::vector<torch::nn::BatchNorm2d> norms_;  // empty without batch norm
  Mlp head_{nullptr};
};
TORCH_MODULE(ConvStack);

// Of rows [M, C, H, W]; the D numbers of rows [M, D] are channels of one pixel, which convolutions refuse
// (Error).
ConvStackImpl::Shape shape_of(const torch::Tensor& rows, const ConvStackOptions& options);

}  // namespace training

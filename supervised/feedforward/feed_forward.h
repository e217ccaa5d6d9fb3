// Multi-layer perceptron with the tricks of a first course between its layers: a norm, an activation,
// dropout.
#pragma once

#include "training/torch.h"

#include <torch/nn/modules/normalization.h>

#include <string>
#include <vector>

#include "training/nets/mlp.h"

namespace supervised {

struct FeedForwardOptions {
  training::MlpOptions layers{.hidden = {256, 128}};
  std::string norm = "none";  // none, batch, layer

  void fields(core::Fields& f);
};

// Parameters hidden_1.weight, hidden_1.bias, norm_1.weight, norm_1.bias (none without a norm), ...,
// output.weight, output.bias. Without a norm it is a training::Mlp to the last bit, and their weights fit
// each other.
class FeedForwardImpl : public torch::nn::Module {
 public:
  // `name` is what this net is called in messages ("net").
  FeedForwardImpl(const std::string& name, int64_t inputs, int64_t outputs,
                  const FeedForwardOptions& options);

  torch::Tensor forward(const torch::Tensor& x) { return output(features(x)); }  // [B, I] -> [B, K]
  // Its two parts: what the last layer is given, [B, I] -> [B, H], and that layer, [B, H] -> [B, K].
  torch::Tensor features(const torch::Tensor& x);
  torch::Tensor output(const torch::Tensor& features);

 private:
  void add_layer(const std::string& layer, int64_t in, int64_t out, double gain);
  void add_norm(int64_t width);
  torch::Tensor normed(size_t i, const torch::Tensor& h);
  torch::Tensor linear(size_t i, const torch::Tensor& x);

  std::string name_;
  FeedForwardOptions options_;
  std::vector<torch::nn::Linear> layers_;
  std::vector<torch::nn::BatchNorm1d> batch_norms_;  // by hidden layer, where norm is batch
  std::vector<torch::nn::LayerNorm> layer_norms_;    // likewise of layer
  std::vector<std::string> traces_;                  // by layer
};
TORCH_MODULE(FeedForward);

// What a learner of such nets needs to know of its batches: Error unless norm and batch size fit each other.
void check_norm(const FeedForwardOptions& options, int64_t batch_size);

}  // namespace supervised

// Multi-layer perceptron: linear layers with an activation between, none after the last.
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>
#include <vector>

#include "core/options.h"

namespace training {

struct MlpOptions {
  std::vector<int64_t> hidden{64, 64};
  std::string activation = "relu";
  std::string init = "default";
  std::optional<double>
      gain;  // of the hidden layers; null: 1 for the default initialiser, else the activation's
  double out_gain = 1;
  double dropout = 0;

  void fields(core::Fields& f);
};

// Error unless there is memory for what the hidden layers put out for so many rows, and its slope; `what`
// they are.
void require_outputs(const MlpOptions& options, double rows, const std::string& what);
// The same of rows from a source that is registered, which Build::finish() requires; the weights come first.
void foresee_outputs(const MlpOptions& options, double rows, const std::string& what);

// Parameters hidden_1.weight, hidden_1.bias, ..., output.weight, output.bias. Every layer's output is noted
// in the trace as "<name>.hidden_1", ...
class MlpImpl : public torch::nn::Module {
 public:
  // `name` is what this net is called in messages ("policy").
  MlpImpl(const std::string& name, int64_t inputs, int64_t outputs, const MlpOptions& options);

  // [B, inputs] float32 -> [B, outputs]. Integers are indices below `inputs`, one per row, and enter one-hot:
  // [B] int64 or int32 -> [B, outputs]. The last layer is linear.
  torch::Tensor forward(const torch::Tensor& x);
  // The same of rows that come in two parts, x [B, I] beside any number of y for each, [..., B, inputs - I]:
  // [..., B, outputs]. The first layer sees each x once.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& y);
  // Its two parts: what the last layer is given, [B, inputs] -> [B, H], and that layer, [B, H] -> [B,
  // outputs].
  torch::Tensor features(const torch::Tensor& x);
  torch::Tensor output(const torch::Tensor& features);

  int64_t inputs() const { return inputs_; }

 private:
  torch::Tensor layer(size_t i, const torch::Tensor& x);
  torch::Tensor onward(const torch::Tensor& first);  // from what the first layer puts out
  torch::Tensor activated(size_t i, const torch::Tensor& h) const;

  std::string name_, activation_;
  int64_t inputs_;
  double dropout_;
  std::vector<torch::nn::Linear> layers_;
  std::vector<std::string> traces_;  // by layer
};
TORCH_MODULE(Mlp);

}  // namespace training

// MADE's layers (Germain, Gregor, Murray & Larochelle 2015): a multi-layer perceptron whose outputs see so
// many of its first inputs and no more, by masks on its weights.
#pragma once

#include "training/torch.h"

#include <functional>
#include <string>
#include <vector>

#include "training/nets/mlp.h"

namespace generative {

// Hidden units take turns in how many inputs they see, 1 .. I - 1 (their section 3, without sampling orders).
// Parameters as those of training::Mlp; masks are buffers beside them.
class MaskedMlpImpl : public torch::nn::Module {
 public:
  // `sees`: of each output how many of the first inputs it may depend on, 0 .. inputs.
  MaskedMlpImpl(const std::string& name, int64_t inputs, const std::vector<int64_t>& sees,
                const training::MlpOptions& options);

  torch::Tensor forward(const torch::Tensor& x);  // [B, I] -> [B, O]
  // Where output d sees inputs 0 .. d - 1 alone: fills x [B, I] from input `first` on by draw(d, output d
  // [B]). The first layer's sums grow by one input at a time.
  void go_on(torch::Tensor x, int64_t first,
             const std::function<torch::Tensor(int64_t, const torch::Tensor&)>& draw);

 private:
  torch::Tensor weight(size_t layer) const { return layers_[layer]->weight * masks_[layer]; }

  std::vector<torch::nn::Linear> layers_;
  std::vector<torch::Tensor> masks_;  // of each layer, [out, in] of 0 and 1
  std::vector<std::string> traces_;
  std::string activation_;
};
TORCH_MODULE(MaskedMlp);

}  // namespace generative

// Attention of one sequence to another, or to itself from both sides (Vaswani et al. 2017): softmax(Q K^T /
// sqrt(D / H)) V in H heads side by side, over what is there: what only fills a row up has weight 0.
#pragma once

#include "training/torch.h"

#include <cstdint>

#include "training/nets/attention.h"

namespace training {

class MaskedAttentionImpl : public torch::nn::Module {
 public:
  // Weights begin as N(0, deviation), those of the output as N(0, out_deviation). `width` is a multiple of
  // `heads`.
  MaskedAttentionImpl(int64_t width, int64_t heads, double deviation, double out_deviation);

  // What is looked at, which does not change while an answer is written: [B, S, D] -> [B, H, S, D / H] each.
  KvCache memory(const torch::Tensor& seen);
  // How much each of T positions looks at each of S: [B, T, D], there [B, S] bool, true somewhere in each row
  // -> [B, H, T, S], rows that sum to 1, exactly 0 where nothing is there.
  torch::Tensor weights(const torch::Tensor& x, const KvCache& memory, const torch::Tensor& there);
  // What is seen by these weights: [B, T, D].
  torch::Tensor weighed(const torch::Tensor& weights, const KvCache& memory);

 private:
  int64_t heads_;
  torch::Tensor queries_, keys_and_values_, out_;  // [D, D], [2 D, D], [D, D]
};
TORCH_MODULE(MaskedAttention);

}  // namespace training

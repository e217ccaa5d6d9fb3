// Causal self-attention (Vaswani et al. 2017): softmax(Q K^T / sqrt(D / H)) V over what came before, in H
// heads side by side.
#pragma once

#include "training/torch.h"

#include <cstdint>

namespace training {

// qkv [B, T, 3 D] float: queries, keys, values of H heads, D / H wide each -> [B, T, D]. Position t sees
// positions 0 .. t. Float32 on the CPU takes own kernels with a hand-written backward, all else the twin.
torch::Tensor causal_attention(const torch::Tensor& qkv, int64_t heads);
// The same in tensor operations.
torch::Tensor causal_attention_twin(const torch::Tensor& qkv, int64_t heads);

// What one layer has seen: keys and values of S positions, [B, H, S, D / H] each; undefined before the first.
struct KvCache {
  torch::Tensor keys, values;
};

class CausalAttentionImpl : public torch::nn::Module {
 public:
  // Weights begin as N(0, deviation), those of the output as N(0, out_deviation). `width` is a multiple of
  // `heads`.
  CausalAttentionImpl(int64_t width, int64_t heads, double deviation, double out_deviation);

  torch::Tensor forward(const torch::Tensor& x);                  // [B, T, D] -> [B, T, D]
  torch::Tensor forward(const torch::Tensor& x, KvCache& cache);  // goes on after `cache`, and adds to it
  torch::Tensor weights(const torch::Tensor& x);  // how much t looks at s: [B, T, D] -> [B, H, T, T]

 private:
  int64_t heads_;
  torch::Tensor qkv_, out_;  // [3 D, D], [D, D]
};
TORCH_MODULE(CausalAttention);

}  // namespace training

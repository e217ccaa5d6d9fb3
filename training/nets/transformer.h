// Causal transformer over symbols (Vaswani et al. 2017; GPT-2, Radford et al. 2019): pre-norm blocks, learned
// positions, an output that shares the weights of the embedding, no biases.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/nets/attention.h"

namespace training {

struct TransformerOptions {
  int64_t layers = 4, heads = 4, width = 128;
  double dropout = 0;

  void fields(core::Fields& f);
};

// x + attention(norm(x)), then x + down(gelu(up(norm(x)))) with a hidden layer four times as wide.
class TransformerBlockImpl : public torch::nn::Module {
 public:
  explicit TransformerBlockImpl(const TransformerOptions& options);

  // [B, T, D] -> [B, T, D]; with `cache` it goes on after what was seen.
  torch::Tensor forward(const torch::Tensor& x, KvCache* cache = nullptr);
  torch::Tensor attention(const torch::Tensor& x);  // its weights, [B, H, T, T]

 private:
  torch::Tensor drop(const torch::Tensor& x) const;

  double dropout_;
  torch::Tensor norm_1_, norm_2_;  // [D]
  torch::Tensor up_, down_;        // [4 D, D], [D, 4 D]
  CausalAttention attention_{nullptr};
};
TORCH_MODULE(TransformerBlock);

// Keys and values of all layers, so that one more symbol costs one row.
struct TransformerCache {
  int64_t length = 0;
  std::vector<KvCache> layers;
};

// Weights begin as N(0, 0.02), those that are added to the residual stream as N(0, 0.02 / sqrt(2 layers)).
// Parameters symbols, positions, block_1.norm_1, block_1.attention.qkv, ..., norm.
class TransformerImpl : public torch::nn::Module {
 public:
  // Sequences of up to `longest` symbols out of `symbols`. Error unless `heads` divides `width`.
  TransformerImpl(const std::string& name, int64_t symbols, int64_t longest,
                  const TransformerOptions& options);

  torch::Tensor forward(const torch::Tensor& tokens);  // [B, T] int64 -> logits of what follows [B, T, V]
  // The same for the symbols after `cache`, to which it adds them; cache.length + T <= longest.
  torch::Tensor forward(const torch::Tensor& tokens, TransformerCache& cache);

  // What each position looks at: [B, T] int64 -> for each layer [B, H, T, T], rows that sum to 1.
  std::vector<torch::Tensor> attention(const torch::Tensor& tokens);

  std::vector<torch::Tensor> embeddings() const { return {symbols_, positions_}; }
  torch::Tensor embed(const torch::Tensor& tokens, int64_t first = 0);  // [B, T] -> [B, T, D]
  torch::Tensor logits(const torch::Tensor& embedded);                  // [B, T, D] -> [B, T, V]

 private:
  torch::Tensor head(const torch::Tensor& x);

  std::string name_;
  double dropout_;
  torch::Tensor symbols_, positions_, norm_;  // [V, D], [longest, D], [D]
  std::vector<TransformerBlock> blocks_;
};
TORCH_MODULE(Transformer);

}  // namespace training

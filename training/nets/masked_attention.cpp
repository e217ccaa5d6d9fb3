#include "training/nets/masked_attention.h"

#include <cmath>

namespace training {

using torch::Tensor;

MaskedAttentionImpl::MaskedAttentionImpl(int64_t width, int64_t heads, double deviation, double out_deviation)
    : heads_(heads),
      queries_(register_parameter("queries", deviation * torch::randn({width, width}))),
      keys_and_values_(register_parameter("keys_and_values", deviation * torch::randn({2 * width, width}))),
      out_(register_parameter("out", out_deviation * torch::randn({width, width}))) {}

KvCache MaskedAttentionImpl::memory(const Tensor& seen) {
  const int64_t B = seen.size(0), S = seen.size(1);
  const Tensor both = torch::linear(seen, keys_and_values_).view({B, S, 2, heads_, -1});
  const auto parts = both.permute({2, 0, 3, 1, 4}).unbind(0);  // [B, H, S, D / H] each
  return {parts[0], parts[1]};
}

Tensor MaskedAttentionImpl::weights(const Tensor& x, const KvCache& memory, const Tensor& there) {
  const int64_t B = x.size(0), T = x.size(1);
  const Tensor queries = torch::linear(x, queries_).view({B, T, heads_, -1}).transpose(1, 2);
  const Tensor scores =
      queries.matmul(memory.keys.transpose(2, 3)) / std::sqrt(double(queries.size(3)));  // [B, H, T, S]
  return scores.masked_fill(there.logical_not().view({B, 1, 1, -1}), -INFINITY).softmax(3);
}

Tensor MaskedAttentionImpl::weighed(const Tensor& weights, const KvCache& memory) {
  return torch::linear(weights.matmul(memory.values).transpose(1, 2).flatten(2), out_);
}

}  // namespace training

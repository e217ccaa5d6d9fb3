#include "generative/autoencoders/importance_bound.h"

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"

namespace generative {

using torch::Tensor;

Tensor log_mean_exp(const Tensor& log_weights) {
  return log_weights.logsumexp(0) - std::log(double(log_weights.size(0)));
}

Tensor importance_bound(int64_t K, int64_t block, const std::function<Tensor(int64_t n)>& draw) {
  Tensor log_sum;
  for (int64_t k = 0; k < K; k += block) {
    core::heed_signals();
    const Tensor part = draw(std::min(block, K - k)).logsumexp(0);
    log_sum = log_sum.defined() ? torch::logaddexp(log_sum, part) : part;
  }
  return log_sum - std::log(double(K));
}

int64_t active_units(const Tensor& means) { return (means.var(0, false) > 0.01).sum().item<int64_t>(); }

}  // namespace generative

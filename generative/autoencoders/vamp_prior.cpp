#include "generative/autoencoders/vamp_prior.h"

#include <cmath>

namespace generative {

using torch::Tensor;

VampPriorImpl::VampPriorImpl(const Tensor& rows, bool in_unit_range) : in_unit_range_(in_unit_range) {
  inputs_ = register_parameter("inputs", rows.detach().clone());
}

Tensor log_mean_of(const training::Normal& q, const Tensor& z) {
  return q.log_prob(z.unsqueeze(-2)).sum(-1).logsumexp(-1) - std::log(double(q.mean.size(0)));
}

Tensor draw_of(const training::Normal& q, const Tensor& noise, const torch::Generator& generator) {
  const int64_t K = q.mean.size(0);
  const Tensor uniform = training::uniform_noise(noise.select(1, 0), generator);
  const Tensor chosen = (uniform * double(K)).to(torch::kInt64).clamp_max(K - 1);
  return q.mean.index_select(0, chosen) + q.log_std.index_select(0, chosen).exp() * noise;
}

}  // namespace generative

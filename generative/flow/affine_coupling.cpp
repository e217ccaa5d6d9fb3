#include "generative/flow/affine_coupling.h"

namespace generative {

using torch::Tensor;

static std::pair<Tensor, Tensor> log_scale_and_shift(const Tensor& raw, double max) {  // [B, H] each
  const auto parts = raw.chunk(2, 1);
  return {max * (parts[0] / max).tanh(), parts[1]};
}

FlowOutput AffineCoupling::forward(const Tensor& x, const Tensor& raw) const {
  const auto [log_scale, shift] = log_scale_and_shift(raw, max_log_scale);
  return {torch::addcmul(shift, x, log_scale.exp()), log_scale.sum(1)};
}

FlowOutput AffineCoupling::inverse(const Tensor& y, const Tensor& raw) const {
  const auto [log_scale, shift] = log_scale_and_shift(raw, max_log_scale);
  return {(y - shift) * (-log_scale).exp(), -log_scale.sum(1)};
}

}  // namespace generative

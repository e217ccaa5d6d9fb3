// Affine coupling (Dinh, Sohl-Dickstein & Bengio 2017, RealNVP, eq. 7-8): y = x exp(s) + t, number by number.
#pragma once

#include "generative/flow/flow_output.h"

namespace generative {

// s = max tanh(raw / max) stays within +-max, so that no layer can explode; raw zeros are the identity.
struct AffineCoupling {
  double max_log_scale = 2;

  static constexpr int64_t parameters = 2;  // of each number: s before its bound, t

  // x [B, H], raw [B, 2 H]: all s, then all t; both directions are exact inverses of each other.
  FlowOutput forward(const torch::Tensor& x, const torch::Tensor& raw) const;
  FlowOutput inverse(const torch::Tensor& y, const torch::Tensor& raw) const;
};

}  // namespace generative

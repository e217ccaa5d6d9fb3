// Rational-quadratic spline coupling (Durkan, Bekasov, Murray & Papamakarios 2019, eq. 4-8): number by
// number a monotone map of [-bound, bound] onto itself through K + 1 knots, the identity outside.
#pragma once

#include "generative/flow/flow_output.h"

namespace generative {

// The K bins' widths and heights are a softmax, the slopes at the inner knots a softplus, each with a floor;
// the slopes at the ends are 1. Raw zeros are the identity.
struct SplineCoupling {
  int64_t bins = 8;
  double bound = 3;

  int64_t parameters() const { return 3 * bins - 1; }  // of each number: K widths, K heights, K - 1 slopes

  // x [B, H], raw [B, H (3 K - 1)], number by number; both directions are inverses of each other.
  FlowOutput forward(const torch::Tensor& x, const torch::Tensor& raw) const;
  FlowOutput inverse(const torch::Tensor& y, const torch::Tensor& raw) const;
};

}  // namespace generative

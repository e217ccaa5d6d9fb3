#include "agents/quantile_huber.h"

#include <algorithm>
#include <cmath>

namespace agents {

float quantile_huber(const float* quantiles, int64_t M, const float* targets, int64_t n, float weight,
                     float* d_quantiles) {
  const float share = 1 / static_cast<float>(n);
  float loss = 0;
  for (int64_t m = 0; m < M; ++m) {
    const float tau = (static_cast<float>(m) + 0.5f) * (1 / static_cast<float>(M));
    float sum = 0, slope = 0;
    for (int64_t i = 0; i < n; ++i) {
      const float u = targets[i] - quantiles[m], size = std::abs(u), side = u < 0 ? 1 - tau : tau;
      sum += side * (size > 1 ? size - 0.5f : 0.5f * u * u);
      slope -= side * std::clamp(u, -1.0f, 1.0f);
    }
    loss += share * sum;
    d_quantiles[m] = weight * share * slope;
  }
  return loss;
}

}  // namespace agents

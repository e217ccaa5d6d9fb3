#include "agents/value/qr_dqn.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace agents {

void QrDqnOptions::fields(core::Fields& f) {
  values.fields(f, agent, [this](core::Fields& own) {
    own.add("quantiles", quantiles, "Quantiles of each action's return that are learned",
            {.min = 1, .max = 10000, .unit = "quantiles"});
  });
}

float Quantiles::mean(const float* z) const {
  return std::accumulate(z, z + numbers(), 0.0f) / static_cast<float>(numbers());
}

TdLoss Quantiles::loss(const float* z, const TdTarget& target, float* d_z) {
  const size_t K = wanted_.size();
  const float share = 1 / static_cast<float>(K);
  for (size_t j = 0; j < K; ++j) wanted_[j] = target.reward + target.discount * target.next[j];
  float loss = 0;
  for (size_t i = 0; i < K; ++i) {
    const float tau = (static_cast<float>(i) + 0.5f) * share;
    float sum = 0, slope = 0;
    for (const float wanted : wanted_) {
      const float u = wanted - z[i], size = std::abs(u), weight = u < 0 ? 1 - tau : tau;
      sum += weight * (size > 1 ? size - 0.5f : 0.5f * u * u);
      slope -= weight * std::clamp(u, -1.0f, 1.0f);
    }
    loss += share * sum;
    d_z[i] = share * slope;
  }
  const float value = mean(z), error = value - mean(wanted_.data());
  return {value, error, loss, std::abs(error)};
}

}  // namespace agents

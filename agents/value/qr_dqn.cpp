#include "agents/value/qr_dqn.h"

#include <cmath>
#include <numeric>

#include "agents/quantile_huber.h"

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
  for (size_t j = 0; j < K; ++j) wanted_[j] = target.reward + target.discount * target.next[j];
  const float loss = quantile_huber(z, numbers(), wanted_.data(), numbers(), 1, d_z);
  const float value = mean(z), error = value - mean(wanted_.data());
  return {value, error, loss, std::abs(error)};
}

}  // namespace agents

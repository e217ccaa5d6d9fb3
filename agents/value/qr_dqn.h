// QR-DQN (Dabney, Rowland, Bellemare & Munos 2018, algorithm 1): an action's return by K of its quantiles,
// those of tau_i = (i - 1/2) / K, learned by the quantile Huber loss, eq. 10.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/value/deep_q_options.h"
#include "agents/value/td_target.h"

namespace agents {

class Quantiles {
 public:
  explicit Quantiles(int64_t quantiles) : wanted_(static_cast<size_t>(quantiles)) {}

  int64_t numbers() const { return static_cast<int64_t>(wanted_.size()); }
  float mean(const float* z) const;
  // The sum over the quantiles z_i of the mean over the target's t_j of |tau_i - [t_j < z_i]| L(t_j - z_i),
  // with L the Huber loss. Writes d loss / d z [K]. The priority is the magnitude of the error of the means.
  TdLoss loss(const float* z, const TdTarget& target, float* d_z);

 private:
  std::vector<float> wanted_;  // [K] the target's quantiles
};

struct QrDqnOptions {
  static constexpr const char* agent = "qr_dqn";
  DeepQOptions values;
  int64_t quantiles = 50;

  void fields(core::Fields& f);
  Quantiles estimate() const { return Quantiles(quantiles); }
};

}  // namespace agents

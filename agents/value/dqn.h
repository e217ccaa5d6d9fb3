// DQN (Mnih et al. 2015, algorithm 1): Q(s, a) <- r + gamma max_a' Q_target(s', a'), learned from replayed
// transitions. What it shares with its distributional kin is in deep_q.h.
#pragma once

#include <string>

#include "agents/value/deep_q_options.h"
#include "agents/value/td_target.h"

namespace agents {

// An action's return by its mean alone. L(e) = e^2 / 2, with huber |e| - 1/2 where |e| > 1 (Mnih's clipped
// error).
struct Expectation {
  bool huber = true;

  int64_t numbers() const { return 1; }
  float mean(const float* z) const { return *z; }
  // Writes d loss / d z [K].
  TdLoss loss(const float* z, const TdTarget& target, float* d_z);
};

struct DqnOptions {
  static constexpr const char* agent = "dqn";
  DeepQOptions values;
  std::string loss = "huber";

  void fields(core::Fields& f);
  Expectation estimate() const { return {loss == "huber"}; }
};

}  // namespace agents

// C51 (Bellemare, Dabney & Munos 2017, algorithm 1): an action's return as a distribution over K fixed atoms
// z_1 .. z_K. The target's atoms r + gamma z_j are projected back onto them, and the cross-entropy to that is
// minimised.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/value/deep_q_options.h"
#include "agents/value/td_target.h"

namespace agents {

// K atoms, evenly spaced over [low, high]; a network's numbers are their logits.
class Categorical {
 public:
  Categorical(int64_t atoms, double low, double high);

  int64_t numbers() const { return static_cast<int64_t>(atoms_.size()); }
  float mean(const float* z) const;
  // Writes d loss / d z [K]. The priority is the Kullback-Leibler distance from the target (Hessel et al.
  // 2018).
  TdLoss loss(const float* z, const TdTarget& target, float* d_z);
  // The probabilities of the atoms reward + discount * z_j, those beyond the ends at the ends, each shared
  // between its two neighbours by nearness: [K].
  const std::vector<float>& project(const TdTarget& target);

 private:
  std::vector<float> atoms_, next_, projected_;  // [K]
  float step_;                                   // between two atoms
};

struct C51Options {
  static constexpr const char* agent = "c51";
  DeepQOptions values;
  int64_t atoms = 51;
  double v_min = -10, v_max = 10;

  void fields(core::Fields& f);
  Categorical estimate() const;  // Error where v_min is not below v_max
};

}  // namespace agents

// Random actions that last: temporally extended epsilon-greedy exploration (Dabney, Ostrovski & Barreto
// 2021).
#pragma once

#include <cstdint>
#include <vector>

#include "agents/action_mask.h"
#include "core/archive.h"
#include "core/random.h"

namespace agents {

class Exploration {
 public:
  static constexpr int64_t greedy = -1;

  // N environments; a random action lasts k steps with a probability ~ 1 / k^2, k = 1 .. longest.
  Exploration(int64_t N, int64_t longest);

  // The random action that environment i takes now, or `greedy`. Of n actions all that are possible are as
  // likely; while none lasts, a new one begins with probability epsilon.
  int64_t next(int64_t i, double epsilon, int64_t n, core::Pcg64& random, MaskRow mask = nullptr);
  void end(int64_t i) { left_[size_t(i)] = 0; }   // of the episode
  void state(core::Archive& archive, int64_t n);  // of n actions

 private:
  int64_t duration(core::Pcg64& random) const;

  std::vector<double> cumulated_;       // [longest] probability of lasting at most k + 1 steps
  std::vector<int64_t> action_, left_;  // [N], and for how many more steps
};

}  // namespace agents

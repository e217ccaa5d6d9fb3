// What was pulled of each arm so far, and what it paid on average (Sutton & Barto 2018, equation 2.3).
#pragma once

#include <span>

#include "agents/action_mask.h"
#include "agents/tabular/state_table.h"
#include "training/loop/learner.h"

namespace agents {

class ArmEstimates {
 public:
  // Registers "means" and "pulls".
  ArmEstimates(int64_t arms, training::Build& build)
      : means_(std::vector<int64_t>{arms}, 0), pulls_(std::vector<int64_t>{arms}, 0) {
    build.module("means", *means_);
    build.module("pulls", *pulls_);
    build.counts(pulls_->values());
  }

  std::span<const double> means() const { return means_->cells(); }  // [A]
  std::span<const double> pulls() const { return pulls_->cells(); }  // [A]
  int64_t best() const { return best_possible(means().data(), std::ssize(means()), nullptr); }
  // Returns how far the reward was from the mean before it.
  double learn(int64_t arm, double reward) {
    const auto k = static_cast<size_t>(arm);
    double& mean = means_->cells()[k];
    const double error = reward - mean;
    mean += error / ++pulls_->cells()[k];
    return error;
  }

 private:
  StateTable means_, pulls_;  // [A]
};

}  // namespace agents

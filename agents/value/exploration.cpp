#include "agents/value/exploration.h"

#include <algorithm>

namespace agents {

Exploration::Exploration(int64_t N, int64_t longest)
    : cumulated_(static_cast<size_t>(longest)),
      action_(static_cast<size_t>(N), greedy),
      left_(action_.size()) {
  double sum = 0;
  for (size_t k = 0; k < cumulated_.size(); ++k)
    cumulated_[k] = sum += 1 / (static_cast<double>(k + 1) * static_cast<double>(k + 1));
  for (double& share : cumulated_) share /= sum;
}

int64_t Exploration::duration(core::Pcg64& random) const {
  if (cumulated_.size() == 1) return 1;
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end() - 1, random.random());
  return found - cumulated_.begin() + 1;
}

int64_t Exploration::next(int64_t i, double epsilon, int64_t n, core::Pcg64& random, MaskRow mask) {
  const auto k = static_cast<size_t>(i);
  if (mask && left_[k] > 0 && !mask[action_[k]]) left_[k] = 0;  // it cannot go on
  if (left_[k] == 0) {
    if (!(random.random() < epsilon)) return greedy;
    action_[k] = random_possible(n, mask, random);
    left_[k] = duration(random);
  }
  --left_[k];
  return action_[k];
}

void Exploration::state(core::Archive& archive, int64_t n) {
  archive.within("lasting_action", action_.data(), action_.size(), greedy, n - 1);
  archive.within("lasting_steps", left_.data(), left_.size(), int64_t{0}, std::ssize(cumulated_));
}

}  // namespace agents

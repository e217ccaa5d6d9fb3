// What a policy without chance explores by: Gaussian noise, drawn anew at each step, or an
// Ornstein-Uhlenbeck process, whose noise wanders and is drawn back (Lillicrap et al. 2016, section 3).
#pragma once

#include "training/torch.h"

#include <functional>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/loop/learner.h"

namespace agents {

struct ActionNoiseOptions {
  std::string noise = "gaussian";
  double noise_deviation = 0.1, noise_theta = 0.15, noise_dt = 0.01;

  void fields(core::Fields& own);  // of the agent's section
};

class ActionNoise {
 public:
  // For N environments and A numbers of an action; a learner's noise goes on with its checkpoint.
  ActionNoise(const ActionNoiseOptions& options, int64_t N, int64_t A, training::Build& build);

  // Adds the noise of this moment to actions [N, A], which stay within -1 .. 1. It begins anew in each
  // environment of which `begins` says that an episode does.
  void add(float* actions, const std::function<bool(int64_t i)>& begins);
  void state(core::Archive& archive);

 private:
  int64_t width_;           // A
  float keep_, step_;       // x <- keep x + step z, z ~ N(0, 1)
  std::vector<float> now_;  // [N, A], x
  torch::Tensor drawn_;     // [N, A], z
  torch::Generator random_;
};

}  // namespace agents

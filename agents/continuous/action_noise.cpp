#include "agents/continuous/action_noise.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace agents {

void ActionNoiseOptions::fields(core::Fields& own) {
  own.choice("noise", noise,
             "What is added to actions while it learns: drawn anew at each step, or wandering",
             {"gaussian", "ornstein_uhlenbeck"});
  own.add("noise_deviation", noise_deviation, "Deviation of that noise; ornstein_uhlenbeck: per root of time",
          {.min = 0, .max = 100, .unit = "half ranges"});
  own.add("noise_theta", noise_theta, "ornstein_uhlenbeck: how fast the noise is drawn back to 0",
          {.min = 0, .max = 100, .unit = "1 / time"});
  own.add("noise_dt", noise_dt, "ornstein_uhlenbeck: time that a step takes",
          {.min = 0, .max = 1, .above = true, .unit = "time"});
}

ActionNoise::ActionNoise(const ActionNoiseOptions& options, int64_t N, int64_t A, training::Build& build)
    : width_(A),
      now_(static_cast<size_t>(N * A)),
      drawn_(torch::zeros({N, A})),
      random_(build.stream("actions")) {
  const bool wanders = options.noise == "ornstein_uhlenbeck";
  keep_ = wanders ? static_cast<float>(1 - options.noise_theta * options.noise_dt) : 0;
  step_ = static_cast<float>(options.noise_deviation * (wanders ? std::sqrt(options.noise_dt) : 1));
  if (build.purpose() == training::Purpose::training)
    build.state("noise", [this](core::Archive& archive) { state(archive); });
}

// dx = -theta x dt + deviation dW, by Euler's rule; Gaussian noise keeps nothing of what it was.
void ActionNoise::add(float* actions, const std::function<bool(int64_t i)>& begins) {
  drawn_.normal_(0, 1, random_);
  const float* z = drawn_.data_ptr<float>();
  for (size_t k = 0; k < now_.size(); ++k) {
    const float before = begins(static_cast<int64_t>(k) / width_) ? 0 : now_[k];
    now_[k] = keep_ * before + step_ * z[k];
    actions[k] = std::clamp(actions[k] + now_[k], -1.0f, 1.0f);
  }
}

void ActionNoise::state(core::Archive& archive) {
  archive("now", now_);
  for (const float x : now_)
    core::check(std::isfinite(x), "saved state of the exploration's noise holds what is not finite");
}

}  // namespace agents

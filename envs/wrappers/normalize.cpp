#include "envs/wrappers/normalize.h"

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace envs {

NormalizeObservation::NormalizeObservation(const Params& params, const Envs& inner)
    : p_(params), n_(size_t(inner.size())), width_(size_t(inner.spec().observation.size())) {
  const Space& space = inner.spec().observation;
  core::check(space.kind == Space::Kind::box && space.dtype == Dtype::float32,
              "env.wrappers: normalize_observation needs a Box of float32 observations; {} has {}",
              inner.spec().id, space.str());
  p_.moments->widen(width_);
}

Spec NormalizeObservation::spec(Spec inner) const {
  inner.observation.low.assign(width_, float(-p_.clip));
  inner.observation.high.assign(width_, float(p_.clip));
  return inner;
}

void NormalizeObservation::learn(const std::byte* obs, const Pace* pace) {
  if (p_.learns) p_.moments->learn(reinterpret_cast<const float*>(obs), n_, pace);
}

void NormalizeObservation::turn(const std::byte* in, std::byte* out) const {
  const auto* x = reinterpret_cast<const float*>(in);
  auto* y = reinterpret_cast<float*>(out);
  for (size_t k = 0; k < width_; ++k) {
    const double deviation = (double(x[k]) - p_.moments->mean(k)) * p_.moments->scale(k);
    y[k] = float(std::clamp(deviation, -p_.clip, p_.clip));
  }
}

NormalizeReward::NormalizeReward(const Params& params, const Envs& inner)
    : p_(params), returns_(size_t(inner.size())) {
  p_.moments->widen(1);
}

void NormalizeReward::after(const StepOut& out, const Pace* pace) {
  for (size_t i = 0; i < returns_.size(); ++i)
    if (moves(pace, i))
      returns_[i] = returns_[i] * float(p_.gamma) * float(1 - out.terminated[i]) + out.reward[i];
  if (p_.learns) p_.moments->learn(returns_.data(), returns_.size(), pace);
  const auto scale = float(p_.moments->scale(0));
  for (size_t i = 0; i < returns_.size(); ++i)
    if (moves(pace, i)) out.reward[i] *= scale;
}

}  // namespace envs

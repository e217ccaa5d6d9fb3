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
  p_.moments->set_columns(width_);
}

Spec NormalizeObservation::spec(Spec inner) const {
  if (p_.raw) return inner;
  inner.observation.low.assign(width_, float(-p_.clip));
  inner.observation.high.assign(width_, float(p_.clip));
  return inner;
}

void NormalizeObservation::update(const std::byte* obs, const StepMode* mode) {
  if (p_.learns) p_.moments->update(reinterpret_cast<const float*>(obs), n_, mode);
}

void NormalizeObservation::transform(const Params& params, float* observation) {
  const RunningMeanStd& moments = *params.moments;
  for (size_t k = 0; k < moments.columns(); ++k) {
    const double deviation = (double(observation[k]) - moments.mean(k)) * moments.scale(k);
    observation[k] = float(std::clamp(deviation, -params.clip, params.clip));
  }
}

void NormalizeObservation::transform(const std::byte* in, std::byte* out) const {
  std::copy_n(in, width_ * sizeof(float), out);
  if (!p_.raw) transform(p_, reinterpret_cast<float*>(out));
}

NormalizeReward::NormalizeReward(const Params& params, const Envs& inner)
    : p_(params), returns_(size_t(inner.size())) {
  p_.moments->set_columns(1);
}

void NormalizeReward::after(const StepOut& out, const StepMode* mode) {
  for (size_t i = 0; i < returns_.size(); ++i)
    if (is_stepped(mode, i))
      returns_[i] = returns_[i] * float(p_.gamma) * float(1 - out.terminated[i]) + out.reward[i];
  if (p_.learns) p_.moments->update(returns_.data(), returns_.size(), mode);
  if (p_.raw) return;
  const float scale = reward_scale(p_);
  for (size_t i = 0; i < returns_.size(); ++i)
    if (is_stepped(mode, i)) out.reward[i] *= scale;
}

}  // namespace envs

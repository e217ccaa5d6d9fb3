#include "envs/wrappers/actions.h"

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace envs {

static Space bounded_box(const Envs& inner, const char* wrapper) {
  const Space& space = inner.spec().action;
  core::check(space.kind == Space::Kind::box, "env.wrappers: {} needs a Box of actions; {} has {}", wrapper,
              inner.spec().id, space.str());
  return space;
}

ClipAction::ClipAction(const Params&, const Envs& inner)
    : bounds_(bounded_box(inner, "clip_action")), clipped_(size_t(inner.size() * bounds_.size())) {}

Spec ClipAction::spec(Spec inner) const {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  inner.action.low.assign(inner.action.low.size(), -infinity);
  inner.action.high.assign(inner.action.high.size(), infinity);
  return inner;
}

Actions ClipAction::act(const Actions& actions) {
  const size_t A = bounds_.low.size();
  for (size_t k = 0; k < clipped_.size(); ++k)
    clipped_[k] = std::clamp(actions.continuous[k], bounds_.low[k % A], bounds_.high[k % A]);
  return {.continuous = clipped_.data(), .mode = actions.mode};
}

RescaleAction::RescaleAction(const Params& params, const Envs& inner)
    : low_(float(params.low)),
      high_(float(params.high)),
      bounds_(bounded_box(inner, "rescale_action")),
      scaled_(size_t(inner.size() * bounds_.size())) {
  core::check(low_ < high_, "env.wrappers: rescale_action: expected low below high, found {} and {}", low_,
              high_);
}

Spec RescaleAction::spec(Spec inner) const {
  inner.action.low.assign(inner.action.low.size(), low_);
  inner.action.high.assign(inner.action.high.size(), high_);
  return inner;
}

Actions RescaleAction::act(const Actions& actions) {
  const size_t A = bounds_.low.size();
  for (size_t k = 0; k < scaled_.size(); ++k) {
    const float low = bounds_.low[k % A], high = bounds_.high[k % A];
    const float share = (actions.continuous[k] - low_) / (high_ - low_);
    scaled_[k] = low + share * (high - low);
  }
  return {.continuous = scaled_.data(), .mode = actions.mode};
}

StickyAction::StickyAction(const Params& params, const Envs& inner)
    : probability_(params.probability),
      n_(size_t(inner.size())),
      width_(size_t(inner.spec().action.size())),
      box_(inner.spec().action.kind == Space::Kind::box),
      random_(n_),
      fresh_(n_, 1),
      sticks_(n_),
      discrete_(box_ ? 0 : n_ * width_),
      continuous_(box_ ? n_ * width_ : 0) {}

void StickyAction::seed(uint64_t seed) {
  for (size_t i = 0; i < n_; ++i) random_[i] = core::Pcg64(core::mix(seed + i, {"sticky_action"}));
  fresh_.assign(n_, 1);
}

template <class T>
T* StickyAction::stick(const T* given, std::vector<T>& last, const std::vector<uint8_t>& sticks) {
  for (size_t i = 0; i < n_; ++i)
    if (!sticks[i]) std::copy_n(given + i * width_, width_, last.data() + i * width_);
  return last.data();
}

Actions StickyAction::act(const Actions& actions) {
  for (size_t i = 0; i < n_; ++i) {
    sticks_[i] = !is_stepped(actions.mode, i);
    if (sticks_[i]) continue;
    sticks_[i] = random_[i].random() < probability_ && !fresh_[i];
    fresh_[i] = 0;
  }
  if (box_) return {.continuous = stick(actions.continuous, continuous_, sticks_), .mode = actions.mode};
  return {.discrete = stick(actions.discrete, discrete_, sticks_), .mode = actions.mode};
}

void StickyAction::after(const StepOut& out, const StepMode* mode) {
  for (size_t i = 0; i < n_; ++i)
    if (is_stepped(mode, i)) fresh_[i] = out.terminated[i] | out.truncated[i];
}

void StickyAction::state(core::Archive& archive, const std::string& name) {
  archive(name + "random", random_);
  archive(name + "fresh", fresh_);
  archive(name + "discrete", discrete_);
  archive(name + "continuous", continuous_);
}

}  // namespace envs

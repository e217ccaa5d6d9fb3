#include "envs/wrappers/pacing.h"

#include <algorithm>

namespace envs {

TimeLimit::TimeLimit(const Params& params, const Envs& inner)
    : limit_(params.steps), age_(size_t(inner.size())), modes_(age_.size()) {}

Spec TimeLimit::spec(Spec inner) const {
  const int64_t own = inner.max_episode_steps;
  inner.max_episode_steps = own > 0 ? std::min(own, limit_) : limit_;
  return inner;
}

Actions TimeLimit::act(const Actions& actions) {
  for (size_t i = 0; i < modes_.size(); ++i) {
    modes_[i] = actions.mode ? actions.mode[i] : StepMode::step;
    if (modes_[i] != StepMode::skip && ++age_[i] >= limit_) modes_[i] = StepMode::truncate;
  }
  Actions given = actions;
  given.mode = modes_.data();
  return given;
}

void TimeLimit::after(const StepOut& out, const StepMode* mode) {
  for (size_t i = 0; i < age_.size(); ++i)
    if (is_stepped(mode, i) && (out.terminated[i] | out.truncated[i])) age_[i] = 0;
}

ActionRepeat::ActionRepeat(const Params& params, Envs& inner)
    : times_(params.n),
      inner_(inner),
      modes_(size_t(inner.size())),
      ended_(modes_.size()),
      reward_(modes_.size()) {}

Spec ActionRepeat::spec(Spec inner) const {
  inner.max_episode_steps = (inner.max_episode_steps + times_ - 1) / times_;
  return inner;
}

StepMode ActionRepeat::mode_of(size_t i, int64_t k, const StepMode* given) const {
  if (ended_[i] || !is_stepped(given, i)) return StepMode::skip;
  return given && given[i] == StepMode::truncate && k + 1 == times_ ? StepMode::truncate : StepMode::step;
}

void ActionRepeat::play(const Actions& actions, const StepOut& out) {
  std::fill(ended_.begin(), ended_.end(), 0);
  std::fill(reward_.begin(), reward_.end(), 0.0f);
  Actions given = actions;
  given.mode = modes_.data();
  for (int64_t k = 0; k < times_; ++k) {
    for (size_t i = 0; i < modes_.size(); ++i) modes_[i] = mode_of(i, k, actions.mode);
    inner_.step(given, out);
    for (size_t i = 0; i < modes_.size(); ++i) {
      if (modes_[i] == StepMode::skip) continue;
      reward_[i] += out.reward[i];
      ended_[i] = out.terminated[i] | out.truncated[i];
    }
  }
  for (size_t i = 0; i < modes_.size(); ++i)
    if (is_stepped(actions.mode, i)) out.reward[i] = reward_[i];
}

void TransformReward::after(const StepOut& out, const StepMode* mode) {
  const auto scale = float(p_.scale), most = float(p_.clip.value_or(0));
  for (size_t i = 0; i < n_; ++i) {
    if (!is_stepped(mode, i)) continue;
    out.reward[i] *= scale;
    if (p_.clip) out.reward[i] = std::clamp(out.reward[i], -most, most);
  }
}

}  // namespace envs

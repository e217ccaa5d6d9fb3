#include "envs/wrappers/pacing.h"

#include <algorithm>

namespace envs {

TimeLimit::TimeLimit(const Params& params, const Envs& inner)
    : limit_(params.steps), age_(size_t(inner.size())), pace_(age_.size()) {}

Spec TimeLimit::spec(Spec inner) const {
  const int64_t own = inner.max_episode_steps;
  inner.max_episode_steps = own > 0 ? std::min(own, limit_) : limit_;
  return inner;
}

Actions TimeLimit::act(const Actions& actions) {
  for (size_t i = 0; i < pace_.size(); ++i) {
    pace_[i] = actions.pace ? actions.pace[i] : Pace::go;
    if (pace_[i] != Pace::stay && ++age_[i] >= limit_) pace_[i] = Pace::last;
  }
  Actions given = actions;
  given.pace = pace_.data();
  return given;
}

void TimeLimit::after(const StepOut& out, const Pace* pace) {
  for (size_t i = 0; i < age_.size(); ++i)
    if (moves(pace, i) && (out.terminated[i] | out.truncated[i])) age_[i] = 0;
}

ActionRepeat::ActionRepeat(const Params& params, Envs& inner)
    : times_(params.n),
      inner_(inner),
      pace_(size_t(inner.size())),
      ended_(pace_.size()),
      reward_(pace_.size()) {}

Spec ActionRepeat::spec(Spec inner) const {
  inner.max_episode_steps = (inner.max_episode_steps + times_ - 1) / times_;
  return inner;
}

Pace ActionRepeat::pace_of(size_t i, int64_t k, const Pace* given) const {
  if (ended_[i] || !moves(given, i)) return Pace::stay;
  return given && given[i] == Pace::last && k + 1 == times_ ? Pace::last : Pace::go;
}

void ActionRepeat::play(const Actions& actions, const StepOut& out) {
  std::fill(ended_.begin(), ended_.end(), 0), std::fill(reward_.begin(), reward_.end(), 0.0f);
  Actions given = actions;
  given.pace = pace_.data();
  for (int64_t k = 0; k < times_; ++k) {
    for (size_t i = 0; i < pace_.size(); ++i) pace_[i] = pace_of(i, k, actions.pace);
    inner_.step(given, out);
    for (size_t i = 0; i < pace_.size(); ++i) {
      if (pace_[i] == Pace::stay) continue;
      reward_[i] += out.reward[i];
      ended_[i] = out.terminated[i] | out.truncated[i];
    }
  }
  for (size_t i = 0; i < pace_.size(); ++i)
    if (moves(actions.pace, i)) out.reward[i] = reward_[i];
}

void TransformReward::after(const StepOut& out, const Pace* pace) {
  const auto scale = float(p_.scale), most = float(p_.clip.value_or(0));
  for (size_t i = 0; i < n_; ++i) {
    if (!moves(pace, i)) continue;
    out.reward[i] *= scale;
    if (p_.clip) out.reward[i] = std::clamp(out.reward[i], -most, most);
  }
}

}  // namespace envs

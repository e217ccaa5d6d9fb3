#include "envs/wrappers/discretize_action.h"

#include <cmath>

#include "core/error.h"
#include "envs/episodes.h"

namespace envs {
namespace {

constexpr int64_t most_choices = 1'000'000;

int64_t choices_of(const DiscretizeAction::Params& p, int64_t numbers) {
  if (!p.joint) return p.bins;
  int64_t all = 1;
  for (int64_t k = 0; k < numbers && all <= most_choices; ++k) all *= p.bins;
  core::check(all <= most_choices,
              "env.wrappers: discretize_action: {} bins of {} numbers are more than {} choices; expected "
              "fewer bins or "
              "joint: false",
              p.bins, numbers, most_choices);
  return all;
}

float value_of(const DiscretizeAction::Params& p, double low, double high, int64_t bin) {
  if (p.ends) return float(low + (high - low) * double(bin) / double(p.bins - 1));
  return float(low + (high - low) * (double(bin) + 0.5) / double(p.bins));
}

}  // namespace

DiscretizeAction::DiscretizeAction(const Params& p, const Envs& inner)
    : bounds_(inner.spec().action), bins_(p.bins), n_(size_t(inner.size())), width_(bounds_.low.size()) {
  core::check(bounds_.kind == Space::Kind::box,
              "env.wrappers: discretize_action needs a Box of actions; {} has {}", inner.spec().id,
              bounds_.str());
  for (size_t k = 0; k < width_; ++k)
    core::check(std::isfinite(bounds_.low[k]) && std::isfinite(bounds_.high[k]),
                "env.wrappers: discretize_action needs finite bounds; expected it before clip_action");
  choices_ = choices_of(p, int64_t(width_));
  numbers_ = p.joint ? 1 : width_;
  outer_ = spec(inner.spec());
  continuous_.resize(n_ * width_);
  for (size_t k = 0; k < width_; ++k)
    for (int64_t bin = 0; bin < bins_; ++bin)
      values_.push_back(value_of(p, double(bounds_.low[k]), double(bounds_.high[k]), bin));
}

Spec DiscretizeAction::spec(Spec inner) const {
  inner.action = numbers_ == 1 ? Space::discrete(choices_)
                               : Space::multi_discrete(std::vector<int64_t>(numbers_, choices_));
  return inner;
}

Actions DiscretizeAction::act(const Actions& actions) {
  check_actions(outer_, int64_t(n_), actions);
  for (size_t i = 0; i < n_; ++i) {
    if (!is_stepped(actions.mode, i)) continue;
    int64_t rest = actions.discrete[i * numbers_];
    for (size_t k = width_; k-- > 0; rest /= bins_) {
      const int64_t bin = numbers_ == width_ ? actions.discrete[i * width_ + k] : rest % bins_;
      continuous_[i * width_ + k] = values_[k * size_t(bins_) + size_t(bin)];
    }
  }
  return {.continuous = continuous_.data(), .mode = actions.mode};
}

}  // namespace envs

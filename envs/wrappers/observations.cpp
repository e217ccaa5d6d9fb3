#include "envs/wrappers/observations.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"

namespace envs {

OneHot::OneHot(const Params&, const Envs& inner)
    : inner_(inner.spec().observation), width_(size_t(inner_.net_width())) {
  core::check(!inner_.n.empty(), "env.wrappers: one_hot needs Discrete observations; {} has {}",
              inner.spec().id, inner_.str());
}

Spec OneHot::spec(Spec inner) const {
  inner.observation = Space::box(std::vector<float>(width_, 0), std::vector<float>(width_, 1));
  return inner;
}

static int64_t whole(const std::byte* row, size_t k, Dtype dtype) {
  const auto as = [&](auto value) {
    std::memcpy(&value, row + k * sizeof value, sizeof value);
    return int64_t(value);
  };
  return dtype == Dtype::int64 ? as(int64_t()) : dtype == Dtype::int32 ? as(int32_t()) : as(uint8_t());
}

void OneHot::transform(const std::byte* in, std::byte* out) const {
  auto* to = reinterpret_cast<float*>(out);
  std::fill_n(to, width_, 0.0f);
  for (size_t k = 0; k < inner_.n.size(); to += inner_.n[k++]) to[whole(in, k, inner_.dtype)] = 1;
}

static Space box_of(const Envs& inner, const char* wrapper, const char* what) {
  const Space& space = inner.spec().observation;
  core::check(space.kind == Space::Kind::box, "env.wrappers: {} needs {}; {} has {}", wrapper, what,
              inner.spec().id, space.str());
  return space;
}

TimeAware::TimeAware(const Params&, const Envs& inner)
    : width_(size_t(box_of(inner, "time_aware", "a Box of observations").size())),
      limit_(inner.spec().max_episode_steps),
      age_(size_t(inner.size())) {
  const Space& space = inner.spec().observation;
  core::check(space.dtype == Dtype::float32 && space.shape.size() == 1,
              "env.wrappers: time_aware needs a row of float32 observations; {} has {}", inner.spec().id,
              space.str());
  core::check(limit_ > 0, "env.wrappers: time_aware needs a time limit; {} has none", inner.spec().id);
}

Spec TimeAware::spec(Spec inner) const {
  auto low = inner.observation.low, high = inner.observation.high;
  low.push_back(0);
  high.push_back(1);
  inner.observation = Space::box(std::move(low), std::move(high));
  return inner;
}

void TimeAware::transform(size_t i, const std::byte* in, std::byte* out) const {
  std::memcpy(out, in, width_ * sizeof(float));
  const float share = float(double(age_[i]) / double(limit_));
  std::memcpy(out + width_ * sizeof(float), &share, sizeof share);
}

// The stacks of all environments, and the bounds of each number in one.
static size_t stacked(const Envs& inner, size_t frames, size_t bytes) {
  const double stacks = double(inner.size()) * double(frames) * double(bytes);
  const double bounds = 2 * sizeof(float) * double(frames) * double(inner.spec().observation.size());
  core::require_memory(stacks + bounds,
                       fmt::format("env.wrappers: frame_stack: stacks of {} observations of {} environments",
                                   frames, inner.size()));
  return size_t(inner.size()) * frames * bytes;
}

FrameStack::FrameStack(const Params& params, const Envs& inner)
    : frames_(size_t(params.n)),
      bytes_(box_of(inner, "frame_stack", "a Box of observations").bytes()),
      stack_(stacked(inner, frames_, bytes_)) {}

Spec FrameStack::spec(Spec inner) const {
  Space& space = inner.observation;
  const auto low = space.low, high = space.high;
  for (size_t k = 1; k < frames_; ++k) {
    space.low.insert(space.low.end(), low.begin(), low.end());
    space.high.insert(space.high.end(), high.begin(), high.end());
  }
  space.shape.insert(space.shape.begin(), int64_t(frames_));
  return inner;
}

void FrameStack::begin(size_t i, const std::byte* in, std::byte* out) {
  std::byte* own = stack_.data() + i * frames_ * bytes_;
  for (size_t k = 0; k < frames_; ++k) std::memcpy(own + k * bytes_, in, bytes_);
  std::memcpy(out, own, frames_ * bytes_);
}

void FrameStack::next(size_t i, const std::byte* in, std::byte* out) {
  std::byte* own = stack_.data() + i * frames_ * bytes_;
  std::memmove(own, own + bytes_, (frames_ - 1) * bytes_);
  std::memcpy(own + (frames_ - 1) * bytes_, in, bytes_);
  std::memcpy(out, own, frames_ * bytes_);
}

}  // namespace envs

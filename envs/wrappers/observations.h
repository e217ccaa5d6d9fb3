// Wrappers of observations: one-hot states, the time that is left, stacked frames.
#pragma once

#include <vector>

#include "core/options.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// States as vectors with a 1 at their number: Discrete(n) -> Box [n]; each of MultiDiscrete's one after
// another.
struct OneHot {
  struct Params {
    void fields(core::Fields&) {}
  };
  OneHot(const Params&, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  void next(size_t, const std::byte* in, std::byte* out) { transform(in, out); }

 private:
  void transform(const std::byte* in, std::byte* out) const;

  Space inner_;
  size_t width_;
};

// One number more: the share of the time limit that has passed (Pardo et al. 2018, Time limits in RL).
struct TimeAware {
  struct Params {
    void fields(core::Fields&) {}
  };
  TimeAware(const Params&, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t i, const std::byte* in, std::byte* out) {
    age_[i] = 0;
    transform(i, in, out);
  }
  void next(size_t i, const std::byte* in, std::byte* out) {
    ++age_[i];
    transform(i, in, out);
  }
  void state(core::Archive& archive, const std::string& name) {
    archive.within(name + "age", age_.data(), age_.size(), int64_t{0}, int64_t{1} << 31);
  }

 private:
  void transform(size_t i, const std::byte* in, std::byte* out) const;

  size_t width_;
  int64_t limit_;
  std::vector<int64_t> age_;  // [N] steps
};

// The last n observations, the oldest first; an episode begins with n times its first one (Mnih et al. 2015).
struct FrameStack {
  struct Params {
    int64_t n = 4;
    void fields(core::Fields& f) { f.add("n", n, "Observations in a stack", {.min = 1, .max = 1000}); }
  };
  FrameStack(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t i, const std::byte* in, std::byte* out);
  void next(size_t i, const std::byte* in, std::byte* out);
  void state(core::Archive& archive, const std::string& name) { archive(name + "stack", stack_); }

 private:
  size_t frames_, bytes_;         // bytes of one observation
  std::vector<std::byte> stack_;  // [N, frames, bytes]
};

}  // namespace envs

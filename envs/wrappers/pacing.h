// Wrappers of time and reward: a tighter time limit, actions that last several steps, other rewards.
#pragma once

#include <vector>

#include "core/options.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// Truncates after so many of the steps that come in here (Gymnasium's TimeLimit).
struct TimeLimit {
  struct Params {
    int64_t steps = 1000;
    void fields(core::Fields& f) {
      f.add("steps", steps, "After which an episode is truncated", {.min = 1, .max = 2e9, .unit = "steps"});
    }
  };
  TimeLimit(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void seed(uint64_t) { age_.assign(age_.size(), 0); }
  Actions act(const Actions& actions);
  void after(const StepOut& out, const StepMode* mode);
  void state(core::Archive& archive, const std::string& name) {
    archive.within(name + "age", age_.data(), age_.size(), int64_t{0}, limit_);
  }

 private:
  int64_t limit_;
  std::vector<int64_t> age_;     // [N] steps
  std::vector<StepMode> modes_;  // [N]
};

// Every action is taken n times, or until the episode ends; the rewards are added (Mnih et al. 2015).
struct ActionRepeat {
  struct Params {
    int64_t n = 4;
    void fields(core::Fields& f) {
      f.add("n", n, "Steps that an action lasts", {.min = 1, .max = 1000, .unit = "steps"});
    }
  };
  ActionRepeat(const Params& params, Envs& inner);
  Spec spec(Spec inner) const;
  void play(const Actions& actions, const StepOut& out);

 private:
  StepMode mode_of(size_t i, int64_t k, const StepMode* given) const;

  int64_t times_;
  Envs& inner_;
  std::vector<StepMode> modes_;  // [N]
  std::vector<uint8_t> ended_;   // [N] within this step
  std::vector<float> reward_;    // [N] so far
};

// Rewards times `scale`, then cut to plus or minus `clip` (Mnih et al. 2015: 1).
struct TransformReward {
  struct Params {
    double scale = 1;
    std::optional<double> clip;
    void fields(core::Fields& f) {
      f.add("scale", scale, "Factor of every reward");
      f.add("clip", clip, "Then rewards beyond plus or minus this are cut off; null: none",
            {.min = 0, .above = true});
    }
  };
  TransformReward(const Params& params, const Envs& inner) : p_(params), n_(size_t(inner.size())) {}
  void after(const StepOut& out, const StepMode* mode);

 private:
  Params p_;
  size_t n_;
};

}  // namespace envs

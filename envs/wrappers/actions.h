// Wrappers of actions: bounds, scale, and actions that stick.
#pragma once

#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// Any action may be given; the environment gets it clipped to its bounds (Gymnasium's ClipAction).
struct ClipAction {
  struct Params {
    void fields(core::Fields&) {}
  };
  ClipAction(const Params&, const Envs& inner);
  Spec spec(Spec inner) const;
  Actions act(const Actions& actions);

 private:
  Space bounds_;
  std::vector<float> clipped_;  // [N, A]
};

// Actions of low .. high stand for the environment's own bounds (Gymnasium's RescaleAction).
struct RescaleAction {
  struct Params {
    double low = -1, high = 1;
    void fields(core::Fields& f) {
      f.add("low", low, "The action that stands for the environment's lowest");
      f.add("high", high, "The action that stands for its highest; above low");
    }
  };
  RescaleAction(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  Actions act(const Actions& actions);

 private:
  float low_, high_;
  Space bounds_;
  std::vector<float> scaled_;  // [N, A]
};

// With a probability the last action is taken once more instead (Machado et al. 2018, section 5).
struct StickyAction {
  struct Params {
    double probability = 0.25;
    void fields(core::Fields& f) {
      f.add("probability", probability, "That the last action is repeated instead of the one given",
            {.min = 0, .max = 1});
    }
  };
  StickyAction(const Params& params, const Envs& inner);
  void seed(uint64_t seed);
  Actions act(const Actions& actions);
  void after(const StepOut& out, const StepMode* mode);
  void state(core::Archive& archive, const std::string& name);

 private:
  template <class T>
  T* stick(const T* given, std::vector<T>& last, const std::vector<uint8_t>& sticks);

  double probability_;
  size_t n_, width_;
  bool box_;
  std::vector<core::Pcg64> random_;  // [N]
  std::vector<uint8_t> fresh_;       // [N] 1: no action yet in this episode
  std::vector<uint8_t> sticks_;      // [N] of this step
  std::vector<int64_t> discrete_;    // [N, A] as the environments had them last
  std::vector<float> continuous_;
};

}  // namespace envs

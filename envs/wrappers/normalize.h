// Wrappers that centre and scale what comes out by statistics of what has come so far (Gymnasium's
// NormalizeObservation and NormalizeReward). All environments of one experiment share their statistics: those
// that learn fill them, those that judge read them.
#pragma once

#include <memory>
#include <vector>

#include "core/options.h"
#include "envs/wrappers/running_mean_std.h"

namespace envs {

struct NormalizeObservation {
  struct Params {
    double clip = 10;
    std::shared_ptr<RunningMeanStd> moments = std::make_shared<RunningMeanStd>();
    bool learns = true;  // false: the statistics stay as they are
    bool raw = false;    // true: they are learned, and observations pass unchanged
    void fields(core::Fields& f) {
      f.add("clip", clip, "Deviations from the mean beyond this are cut off; .inf: none",
            {.min = 0, .above = true});
    }
  };
  NormalizeObservation(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void update(const std::byte* obs, const StepMode* mode);
  void begin(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  void next(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  // One observation [O], in place.
  static void transform(const Params& params, float* observation);

 private:
  void transform(const std::byte* in, std::byte* out) const;

  Params p_;
  size_t n_, width_;
};

// Rewards divided by the deviation of the discounted return so far; their mean stays.
struct NormalizeReward {
  struct Params {
    double gamma = 0.99;
    std::shared_ptr<RunningMeanStd> moments = std::make_shared<RunningMeanStd>();
    bool learns = true, raw = false;  // as above, of rewards
    void fields(core::Fields& f) {
      f.add("gamma", gamma, "Discount of the return whose deviation counts", {.min = 0, .max = 1});
    }
  };
  NormalizeReward(const Params& params, const Envs& inner);
  void after(const StepOut& out, const StepMode* mode);
  static float reward_scale(const Params& params) { return float(params.moments->scale(0)); }
  void state(core::Archive& archive, const std::string& name) { archive(name + "returns", returns_); }

 private:
  Params p_;
  std::vector<float> returns_;  // [N] discounted, of the running episodes
};

}  // namespace envs

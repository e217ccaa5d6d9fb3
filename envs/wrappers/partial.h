// Wrappers that let an agent see less: no velocities, late observations, noise.
#pragma once

#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// Velocities are shown as 0, so that a policy must remember to know them (Ni et al. 2022, Recurrent
// model-free RL).
struct MaskVelocity {
  struct Params {
    void fields(core::Fields&) {}
  };
  MaskVelocity(const Params&, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t, const std::byte* in, std::byte* out) { transform(in, out); }
  void next(size_t, const std::byte* in, std::byte* out) { transform(in, out); }

 private:
  void transform(const std::byte* in, std::byte* out) const;

  std::vector<size_t> velocities_;  // their places in a row
  size_t bytes_;
};

// What was to be seen some steps ago; zeros before there is such a thing (Gymnasium's DelayObservation).
struct Delay {
  struct Params {
    int64_t steps = 1;
    void fields(core::Fields& f) {
      f.add("steps", steps, "How late an observation is", {.min = 1, .max = 1000, .unit = "steps"});
    }
  };
  Delay(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t i, const std::byte* in, std::byte* out);
  void next(size_t i, const std::byte* in, std::byte* out);
  void state(core::Archive& archive, const std::string& name) { archive(name + "queue", queue_); }

 private:
  size_t places_, bytes_;         // places: the delay and the present; bytes of one observation
  std::vector<std::byte> queue_;  // [N, places, bytes], the oldest first
};

// Gaussian noise on every number that is seen, white in time; the environment's own state has none.
struct WhiteNoise {
  struct Params {
    double deviation = 0.1;
    void fields(core::Fields& f) {
      f.add("deviation", deviation, "Standard deviation, in the units of the observation",
            {.min = 0, .max = 1e6});
    }
  };
  WhiteNoise(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void seed(uint64_t seed);
  void begin(size_t i, const std::byte* in, std::byte* out) { transform(i, in, out); }
  void next(size_t i, const std::byte* in, std::byte* out) { transform(i, in, out); }
  void state(core::Archive& archive, const std::string& name) { archive(name + "random", random_); }

 private:
  void transform(size_t i, const std::byte* in, std::byte* out);

  double deviation_;
  size_t width_;
  std::vector<core::Pcg64> random_;  // [N]
};

}  // namespace envs

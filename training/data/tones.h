// Tones in noise: the waves that models of sound and of labels without an alignment are tried on.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// One to `most` tones after each other, with pauses between them, each a sine of one of `pitches` frequencies
// a third of an octave apart, and white noise over all. [M, L] float32 within about -1 .. 1, and the columns
//   labels   ragged, the pitch of each tone in turn (Dataset::kinds names them in Hz),
//   clean    [M, L]: the wave without its noise,
//   state    of one tone alone: frequency (Hz), amplitude, phase (radians).
// Targets: of one tone its pitch, of several none. What no model of these waves can know is the noise: 1/2
// ln(2 pi e noise^2) nats a sample.
struct Tones {
  SplitSizes sizes{.train_size = 5000, .test_size = 1000};
  int64_t pitches = 6, most = 1, samples = 256;
  double lowest = 300, rate = 8000, noise = 0.1;

  void fields(core::Fields& f);
  Data load() const;
  double frequency(int64_t pitch) const;  // Hz
};

}  // namespace training::data

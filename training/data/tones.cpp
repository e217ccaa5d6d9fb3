#include "training/data/tones.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/random.h"

namespace training::data {
namespace {

struct Tone {
  int64_t pitch = 0, first = 0, last = 0;  // samples first .. last - 1
  double amplitude = 0, phase = 0;
};

// Tone k of n, which takes at least six tenths of its share of the wave.
Tone draw_tone(const Tones& options, int64_t k, int64_t n, core::Pcg64& random) {
  const double share = double(options.samples) / double(n), length = share * random.uniform(0.6, 0.95);
  const double first = double(k) * share + random.uniform(0, share - length);
  Tone tone;
  tone.pitch = random.integers(0, options.pitches);
  tone.first = int64_t(first), tone.last = int64_t(first + length);
  tone.amplitude = random.uniform(0.5, 1), tone.phase = random.uniform(0, 2 * std::numbers::pi);
  return tone;
}

// Swells and fades over a tenth of its length, so that it does not click.
void play(const Tones& options, const Tone& tone, float* wave) {
  const double turn = 2 * std::numbers::pi * options.frequency(tone.pitch) / options.rate;
  const double edge = std::max(1.0, 0.1 * double(tone.last - tone.first));
  for (int64_t t = tone.first; t < tone.last; ++t) {
    const auto inside = double(std::min(t - tone.first, tone.last - 1 - t));
    wave[t] += float(tone.amplitude * std::min(1.0, (inside + 0.5) / edge) *
                     std::sin(turn * double(t) + tone.phase));
  }
}

// Two normal numbers at a time (Box & Muller 1958), the same under every LibTorch.
void add_noise(double deviation, core::Pcg64& random, const torch::Tensor& wave) {
  float* const at = wave.data_ptr<float>();
  for (int64_t i = 0; i < wave.numel(); i += 2) {
    const double radius = deviation * std::sqrt(-2 * std::log1p(-random.random()));
    const double turn = 2 * std::numbers::pi * random.random();
    at[i] += float(radius * std::cos(turn));
    if (i + 1 < wave.numel()) at[i + 1] += float(radius * std::sin(turn));
  }
}

// The rows of a part while they are played.
struct Recording {
  torch::Tensor clean;
  std::vector<int64_t> labels, offsets{0};
  std::vector<float> state;

  void add(const Tones& options, int64_t row, core::Pcg64& random) {
    const int64_t n = options.most == 1 ? 1 : random.integers(1, options.most + 1);
    for (int64_t k = 0; k < n; ++k) {
      const Tone tone = draw_tone(options, k, n, random);
      play(options, tone, clean.data_ptr<float>() + row * options.samples);
      labels.push_back(tone.pitch);
      if (options.most == 1)
        state.insert(state.end(),
                     {float(options.frequency(tone.pitch)), float(tone.amplitude), float(tone.phase)});
    }
    offsets.push_back(std::ssize(labels));
  }
};

std::vector<std::string> names(const Tones& options) {
  std::vector<std::string> all;
  for (int64_t k = 0; k < options.pitches; ++k) all.push_back(fmt::format("{:.0f} Hz", options.frequency(k)));
  return all;
}

Dataset dataset(const Tones& options, const Recording& recording, const torch::Tensor& wave) {
  Dataset set(wave, {});
  const torch::Tensor labels = torch::tensor(recording.labels);
  set.rows.set(column::labels, labels, torch::tensor(recording.offsets));
  set.rows.set("clean", recording.clean);
  set.kinds = names(options);
  if (options.most > 1) return set;
  set.rows.set(column::targets, labels), set.classes = set.kinds;
  set.rows.set(column::state, torch::tensor(recording.state).view({-1, 3}));
  return set;
}

}  // namespace

double Tones::frequency(int64_t pitch) const { return lowest * std::exp2(double(pitch) / 3); }

void Tones::fields(core::Fields& f) {
  f.add("pitches", pitches, "Different ones, a third of an octave apart", {.min = 2, .max = 30});
  f.add("most", most, "Tones in a row, 1 .. so many", {.min = 1, .max = 100});
  f.add("samples", samples, "Length of a row", {.min = 16, .max = 65536, .unit = "samples"});
  f.add("lowest", lowest, "The lowest pitch", {.min = 20, .max = 4000, .unit = "Hz"});
  f.add("rate", rate, "Of sampling", {.min = 1000, .max = 48000, .unit = "Hz"});
  f.add("noise", noise, "Standard deviation of the noise; tones have amplitudes of 0.5 .. 1",
        {.min = 0, .max = 10});
  sizes.fields(f);
}

Data Tones::load() const {
  core::check(frequency(pitches - 1) < rate / 2,
              "data.pitches: the highest, {:.0f} Hz, is above half of the rate, {:g} Hz",
              frequency(pitches - 1), rate);
  core::check(samples >= 8 * most, "data.samples: expected at least 8 for each of {} tones, found {}", most,
              samples);
  sizes.require(samples + 2 * most);
  return sizes.parts([own = *this](int64_t rows, uint64_t seed) {
    core::Pcg64 random(seed);
    Recording recording{.clean = torch::zeros({rows, own.samples})};
    for (int64_t row = 0; row < rows; ++row) recording.add(own, row, random);
    const torch::Tensor wave = recording.clean.clone();
    add_noise(own.noise, random, wave);
    return dataset(own, recording, wave);
  });
}

}  // namespace training::data

// Observations are pictures: the environment's own drawing, as grey or coloured pixels.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/canvas.h"
#include "core/options.h"
#include "core/picture.h"
#include "envs/wrappers/wrapped.h"

namespace envs {

// A canvas of fixed size in memory.
struct OffscreenCanvas {
  std::unique_ptr<core::Canvas> canvas;
  int width = 0, height = 0;  // pixels
  // What is on it into `out` [H, W, C]: 1 channel by luminance, or 3. No allocation.
  std::function<void(int channels, uint8_t* out)> read;

  core::Image image() const;  // [H, W, 3]
};
// How this program draws into memory. Environments know no library that could: whoever does sets it once.
std::function<OffscreenCanvas(int width, int height)>& offscreen();
// 0 .. 255 of a pixel's red, green and blue (ITU-R BT.601).
inline uint8_t luminance(const uint8_t* rgb) {
  return uint8_t((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

struct Pixels {
  struct Params {
    int64_t width = 84, height = 84;
    std::string colour = "grey";
    void fields(core::Fields& f) {
      f.add("width", width, "Of the picture", {.min = 1, .max = 1024, .unit = "pixels"});
      f.add("height", height, "Of the picture", {.min = 1, .max = 1024, .unit = "pixels"});
      f.choice("colour", colour, "grey: one channel by luminance; rgb: three", {"grey", "rgb"});
    }
  };
  static constexpr bool draws = true;

  Pixels(const Params& params, const Envs& inner);
  Spec spec(Spec inner) const;
  void begin(size_t i, const std::byte*, std::byte* out) { paint(i, out); }
  void next(size_t i, const std::byte*, std::byte* out) { paint(i, out); }

 private:
  void paint(size_t i, std::byte* out) const;

  Params p_;
  const Envs& inner_;
  OffscreenCanvas easel_;
};

}  // namespace envs

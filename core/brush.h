// A colour as it is painted over pixels, each a word 0x00RRGGBB.
#pragma once

#include <cstdint>

#include "core/canvas.h"

namespace core {

class Brush {
 public:
  explicit Brush(Color c)
      : red_blue_(scaled(uint32_t{c.r} << 16 | c.b, c.a)), green_(scaled(c.g, c.a)), alpha_(c.a) {}

  // Covers so much of the pixel, 0 .. 255.
  void paint(uint32_t& word, uint32_t share) const {
    if (share == 0) return;
    const uint32_t alpha = scaled(alpha_, share), rest = 255 - alpha;
    if (rest == 0) {
      word = red_blue_ | green_ << 8;
      return;
    }
    word = (scaled(red_blue_, share) + scaled(word & 0xff00ff, rest)) |
           (scaled(green_, share) + scaled(word >> 8 & 0xff, rest)) << 8;
  }

 private:
  // Two channels of a pixel at once, each in the lower byte of 16 bits: times share / 255, rounded as
  // Cairo's.
  static uint32_t scaled(uint32_t pair, uint32_t share) {
    const uint32_t product = pair * share + 0x800080;
    return (product + (product >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  }

  uint32_t red_blue_, green_, alpha_;  // already less by the colour's own alpha
};

}  // namespace core

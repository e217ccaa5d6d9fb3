// Questions to pictures.
#pragma once

#include <set>

#include "core/picture.h"

inline core::Color pixel(const core::Image& image, int x, int y) {
  const uint8_t* p = image.pixels.data() + (static_cast<size_t>(y) * image.width + x) * image.channels;
  return {p[0], p[image.channels < 3 ? 0 : 1], p[image.channels < 3 ? 0 : 2]};
}

inline bool same(core::Color a, core::Color b) { return a.r == b.r && a.g == b.g && a.b == b.b; }

inline size_t colors_in(const core::Image& image) {
  std::set<uint32_t> found;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const core::Color c = pixel(image, x, y);
      found.insert(c.r << 16 | c.g << 8 | c.b);
    }
  return found.size();
}

// Pixels within a rectangle (top left corner, size) that are not `ground`.
inline int painted(const core::Image& image, core::Color ground, int left, int top, int width, int height) {
  int count = 0;
  for (int y = top; y < top + height; ++y)
    for (int x = left; x < left + width; ++x) count += !same(pixel(image, x, y), ground);
  return count;
}
inline int painted(const core::Image& image, core::Color ground) {
  return painted(image, ground, 0, 0, image.width, image.height);
}

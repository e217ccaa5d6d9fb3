// Colour maps by linear interpolation between anchors.
#include "render/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace render {

// Viridis at 0, 1/15, ... 1.
static constexpr std::array<core::Color, 16> viridis_anchors{{{68, 1, 84},
                                                              {72, 26, 108},
                                                              {71, 47, 125},
                                                              {65, 68, 135},
                                                              {57, 86, 140},
                                                              {49, 104, 142},
                                                              {42, 120, 142},
                                                              {35, 136, 142},
                                                              {31, 152, 139},
                                                              {34, 168, 132},
                                                              {53, 183, 121},
                                                              {84, 197, 104},
                                                              {122, 209, 81},
                                                              {165, 219, 54},
                                                              {210, 226, 27},
                                                              {253, 231, 37}}};
static constexpr std::array<core::Color, 4> ramp_anchors{
    {palette::paper, {178, 212, 234}, palette::series[0], {0, 50, 90}}};

static uint8_t mix(uint8_t a, uint8_t b, double t) {
  return static_cast<uint8_t>(std::lround(a + (b - a) * t));
}

static core::Color between(std::span<const core::Color> anchors, double value) {
  if (std::isnan(value)) return palette::rule;
  const double at = std::clamp(value, 0.0, 1.0) * static_cast<double>(anchors.size() - 1);
  const size_t low = std::min(static_cast<size_t>(at), anchors.size() - 2);
  const double t = at - static_cast<double>(low);
  const core::Color a = anchors[low], b = anchors[low + 1];
  return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

core::Color series_color(size_t k) { return palette::series[k % palette::series.size()]; }
core::Color viridis(double value) { return between(viridis_anchors, value); }
core::Color ramp(double value) { return between(ramp_anchors, value); }

static double linear(uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(core::Color color) {
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

core::Color words_on(core::Color ground) { return luminance(ground) > 0.225 ? palette::ink : palette::paper; }

std::string hex(core::Color color) { return fmt::format("#{:02x}{:02x}{:02x}", color.r, color.g, color.b); }

}  // namespace render

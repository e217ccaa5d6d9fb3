#include "render/viewer/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace render {

// Differences of doubles this size still are doubles.
static constexpr double farthest = 1e300;

Axis axis_over(double low, double high, double most) {
  low = std::clamp(low, -farthest, farthest);
  high = std::clamp(high, -farthest, farthest);
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * size) {
    const double half = size > 0 ? size / 2 : 1;
    low -= half;
    high += half;
  }
  const double least = (high - low) / std::max(1.0, most);
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return {low, high, factor * power};
  return {low, high, 10 * power};
}

Axis rounded(Axis axis) {
  axis.low = std::floor(axis.low / axis.step + 1e-9) * axis.step;
  axis.high = std::ceil(axis.high / axis.step - 1e-9) * axis.step;
  return axis;
}

std::vector<double> Axis::ticks() const {
  std::vector<double> all;
  const double last = std::floor(high / step + 1e-9);
  for (double k = std::ceil(low / step - 1e-9); k <= last; ++k) all.push_back(k * step);
  return all;
}

std::string Axis::words(double tick) const {
  static constexpr std::array<std::pair<double, const char*>, 4> units{
      {{1e9, "G"}, {1e6, "M"}, {1e4, "k"}, {0, ""}}};
  const double size = std::max(std::abs(low), std::abs(high));
  if (std::abs(tick) < step / 2) return "0";
  if (size >= 1e12 || size < 1e-3) {
    const double digits = std::floor(std::log10(std::abs(tick))) - std::floor(std::log10(step) + 1e-9) + 1;
    return fmt::format("{:.{}g}", tick, std::clamp(static_cast<int>(digits), 1, 15));
  }
  const auto [from, letter] =
      *std::find_if(units.begin(), units.end(), [&](const auto& unit) { return size >= unit.first; });
  const double one = from == 1e4 ? 1e3 : std::max(1.0, from);
  const double decimals = -std::floor(std::log10(step / one) + 1e-9);
  return fmt::format("{:.{}f}{}", tick / one, std::clamp(static_cast<int>(decimals), 0, 12), letter);
}

}  // namespace render

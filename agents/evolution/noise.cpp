// Box & Muller (1958) over a counter-based generator.
#include "agents/evolution/noise.h"

#include <cmath>
#include <numbers>

#include "core/random.h"

namespace agents {

void standard_normal(uint64_t seed, int64_t generation, int64_t member, std::span<double> out) {
  core::Philox draws(core::mix(seed, {generation}), static_cast<uint32_t>(member), 0);
  for (size_t i = 0; i < out.size(); i += 2) {
    const double u = 0x1p-32 * (draws.next32() + 1.0);  // (0, 1]
    const double angle = 2 * std::numbers::pi * 0x1p-32 * draws.next32();
    const double radius = std::sqrt(-2 * std::log(u));
    out[i] = radius * std::cos(angle);
    if (i + 1 < out.size()) out[i + 1] = radius * std::sin(angle);
  }
}

std::vector<double> standard_normal_rows(uint64_t seed, int64_t generation, size_t n, size_t d) {
  std::vector<double> rows(n * d);
  for (size_t i = 0; i < n; ++i)
    standard_normal(seed, generation, static_cast<int64_t>(i), {rows.data() + i * d, d});
  return rows;
}

std::vector<double> mirrored(const std::vector<double>& theta, const std::vector<double>& noise,
                             double sigma) {
  std::vector<double> candidates;
  candidates.reserve(2 * noise.size());
  for (const double side : {sigma, -sigma})
    for (size_t i = 0; i < noise.size(); ++i) candidates.push_back(theta[i % theta.size()] + side * noise[i]);
  return candidates;
}

}  // namespace agents

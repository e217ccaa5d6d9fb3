// Normal draws in either precision.
#pragma once

#include <cmath>
#include <numbers>

namespace envs {

// Standard normal, of two uniform numbers: Box & Muller (1958).
template <class Math>
typename Math::Real normal(typename Math::Random& random) {
  using Real = typename Math::Real;
  const Real radius = std::sqrt(-2 * std::log(1 - Real(random.random())));  // of a number in (0, 1]
  return radius * Math::cos(2 * std::numbers::pi_v<Real> * Real(random.random()));
}

}  // namespace envs

// Standard normal numbers by address: a pure function of (seed, generation, member), whichever thread asks.
#pragma once

#include <cstdint>
#include <span>

namespace agents {

// Fills `out` with independent draws of N(0, 1).
void standard_normal(uint64_t seed, int64_t generation, int64_t member, std::span<double> out);

}  // namespace agents

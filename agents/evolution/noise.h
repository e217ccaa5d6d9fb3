// Standard normal numbers by address: a pure function of (seed, generation, member), whichever thread asks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace agents {

// Fills `out` with independent draws of N(0, 1).
void standard_normal(uint64_t seed, int64_t generation, int64_t member, std::span<double> out);
// Rows [n, d] of the members 0 .. n - 1.
std::vector<double> standard_normal_rows(uint64_t seed, int64_t generation, size_t n, size_t d);

// theta [P] +- sigma eps for each row eps of noise [n, P]: n candidates with +, then n with -. [2 n, P].
std::vector<double> mirrored(const std::vector<double>& theta, const std::vector<double>& noise,
                             double sigma);

}  // namespace agents

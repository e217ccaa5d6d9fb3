// Draws of the gamma distribution (Marsaglia & Tsang 2000), and of those that are made of it.
#pragma once

#include <vector>

#include "core/random.h"

namespace agents {

double gamma_draw(double shape, core::Pcg64& random);       // Gamma(shape, 1), shape >= 1
double beta_draw(double a, double b, core::Pcg64& random);  // a and b >= 1
// Dirichlet's: n shares of 1, the farther from even the lower `concentration`, above 0, is.
std::vector<double> dirichlet_draw(size_t n, double concentration, core::Pcg64& random);

}  // namespace agents

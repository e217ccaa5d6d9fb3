#include "agents/gamma_draws.h"

#include <cmath>

#include "core/error.h"
#include "envs/normal.h"
#include "envs/precision.h"

namespace agents {

double gamma_draw(double shape, core::Pcg64& random) {
  core::check(shape >= 1 && std::isfinite(shape), "expected the shape of a gamma draw from 1 on, found {}",
              shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = envs::normal<envs::Exact>(random), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.random()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double beta_draw(double a, double b, core::Pcg64& random) {
  const double x = gamma_draw(a, random);
  return x / (x + gamma_draw(b, random));
}

// Gamma(a) = Gamma(a + 1) U^(1 / a), for any a above 0 (Marsaglia & Tsang 2000, section 6).
std::vector<double> dirichlet_draw(size_t n, double concentration, core::Pcg64& random) {
  std::vector<double> shares(n);
  double sum = 0;
  for (double& share : shares) {
    const double gamma = gamma_draw(concentration + 1, random);
    sum += share = gamma * std::pow(1 - random.random(), 1 / concentration);
  }
  for (double& share : shares) share = sum > 0 ? share / sum : 1 / static_cast<double>(n);
  return shares;
}

}  // namespace agents

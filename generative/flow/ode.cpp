#include "generative/flow/ode.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"

namespace generative {

using torch::Tensor;

// y + sum of weight_k slope_k.
static OdeState moved(const OdeState& y, const std::vector<OdeState>& slopes,
                      const std::vector<double>& weights) {
  OdeState sum = y;
  for (size_t k = 0; k < weights.size(); ++k)
    if (weights[k] != 0)
      for (size_t i = 0; i < y.size(); ++i) sum[i] = sum[i] + weights[k] * slopes[k][i];
  return sum;
}

OdeState rk4(const OdeSlope& slope, OdeState y, double from, double to, int64_t steps) {
  const double h = (to - from) / double(steps);
  for (int64_t n = 0; n < steps; ++n) {
    const double t = from + double(n) * h;
    const OdeState a = slope(t, y), b = slope(t + h / 2, moved(y, {a}, {h / 2}));
    const OdeState c = slope(t + h / 2, moved(y, {b}, {h / 2})), d = slope(t + h, moved(y, {c}, {h}));
    y = moved(y, {a, b, c, d}, {h / 6, h / 3, h / 3, h / 6});
  }
  return y;
}

namespace {

constexpr std::array<double, 7> nodes{0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
const std::array<std::vector<double>, 7>& stages() {
  static const std::array<std::vector<double>, 7> table{
      {{},
       {1.0 / 5},
       {3.0 / 40, 9.0 / 40},
       {44.0 / 45, -56.0 / 15, 32.0 / 9},
       {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
       {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
       {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}}};
  return table;
}
// Of order 5 less those of order 4.
constexpr std::array<double, 7> error_weights{71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                              -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

// The largest error of any number, as a share of what is allowed.
double worst(const OdeState& error, const OdeState& before, const OdeState& after, double tolerance) {
  const torch::NoGradGuard no_grad;
  double share = 0;
  for (size_t i = 0; i < error.size(); ++i) {
    const Tensor allowed = tolerance * (1 + torch::maximum(before[i].abs(), after[i].abs()));
    share = std::max(share, (error[i].abs() / allowed).max().item<double>());
  }
  return share;
}

}  // namespace

OdeState rk45(const OdeSlope& slope, OdeState y, double from, double to, double tolerance) {
  constexpr int most_steps = 10000;
  double t = from, h = (to - from) / 8;
  OdeState first = slope(t, y);
  for (int n = 0; n < most_steps; ++n) {
    core::heed_signals();
    const bool last = std::abs(h) >= std::abs(to - t);
    if (last) h = to - t;
    std::vector<OdeState> k{first};
    OdeState next;
    for (size_t s = 1; s < 7; ++s) {
      std::vector<double> weights = stages()[s];
      for (double& weight : weights) weight *= h;
      next = moved(y, k, weights);  // the seventh stage stands where the step ends
      k.push_back(slope(t + nodes[s] * h, next));
    }
    std::vector<double> weights(error_weights.begin(), error_weights.end());
    for (double& weight : weights) weight *= h;
    OdeState zeros;
    for (const Tensor& part : y) zeros.push_back(torch::zeros_like(part));
    const double share = worst(moved(zeros, k, weights), y, next, tolerance);
    if (share <= 1) {
      if (last) return next;
      t += h;
      y = std::move(next);
      first = k.back();
    }
    const double room = std::isfinite(share) ? 0.9 * std::pow(std::max(share, 1e-10), -0.2) : 0.2;
    h *= std::clamp(room, 0.2, 5.0);
  }
  core::fail("the flow's equation took more than {} steps; it bends too sharply for the tolerance {}",
             most_steps, tolerance);
}

}  // namespace generative

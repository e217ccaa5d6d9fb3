// Ordinary differential equations dy/dt = f(t, y), solved by Runge & Kutta's methods: of fixed steps, and of
// steps that follow an error estimate. Both can be differentiated.
#pragma once

#include "training/torch.h"

#include <functional>
#include <vector>

namespace generative {

using OdeState = std::vector<torch::Tensor>;  // several tensors that move together
using OdeSlope = std::function<OdeState(double t, const OdeState& y)>;

// The classical method of order 4 (Kutta 1901), `steps` equal ones; `to` may lie before `from`.
OdeState rk4(const OdeSlope& slope, OdeState y, double from, double to, int64_t steps);

// Order 5 with an estimate by order 4 (Dormand & Prince 1980): each step's error stays below
// tolerance (1 + |y|) in every number.
OdeState rk45(const OdeSlope& slope, OdeState y, double from, double to, double tolerance);

}  // namespace generative

// The quantile Huber loss (Dabney, Rowland, Bellemare & Munos 2018, eq. 10), by which quantiles of a return
// are learned.
#pragma once

#include <cstdint>

namespace agents {

// The sum over M quantiles z_m of the mean over n targets y_i of |tau_m - [y_i < z_m]| L(y_i - z_m), with
// tau_m = (m + 1/2) / M and L the Huber loss. Writes `weight` times its slope along the quantiles [M].
float quantile_huber(const float* quantiles, int64_t M, const float* targets, int64_t n, float weight,
                     float* d_quantiles);

}  // namespace agents

// Continuous normalising flow (Chen, Rubanova, Bettencourt & Duvenaud 2018; Grathwohl et al. 2019, FFJORD):
// rows are carried by a velocity v(x, t) that a network learns, from t = 0 to 1; d ln |det| / dt = tr dv/dx.
#pragma once

#include <string>

#include "core/options.h"
#include "generative/flow/flow_map.h"
#include "training/nets/mlp.h"

namespace generative {

struct ContinuousOptions {
  int64_t steps = 8;
  double tolerance = 1e-5;
  std::string trace = "exact";

  void fields(core::Fields& f);
};

// While gradients are taken by RK4 of so many steps, else by RK45 to the tolerance and with the exact trace.
// Hutchinson's trace draws its direction from `noise`. Error unless the network's activation is tanh.
FlowMap continuous_flow(int64_t D, const ContinuousOptions& options, const training::MlpOptions& net,
                        const torch::Generator& noise);

}  // namespace generative

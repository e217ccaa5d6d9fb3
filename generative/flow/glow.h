// Glow (Kingma & Dhariwal 2018) on rows of numbers: each step is activation normalisation, an invertible
// linear map of the whole row, and a coupling of its halves.
#pragma once

#include "generative/flow/flow_map.h"
#include "generative/flow/number_map.h"
#include "training/nets/mlp.h"

namespace generative {

// Of rows of D numbers, D even.
FlowMap glow(int64_t D, int64_t steps, const NumberMap& map, const training::MlpOptions& net);

}  // namespace generative

// Masked autoregressive flow (Papamakarios, Pavlakou & Murray 2017): each number is mapped given those before
// it, at once on the way to the latent rows and one by one on the way back; inverse autoregressive flow
// (Kingma et al. 2016) is the same map the other way round.
#pragma once

#include "generative/flow/flow_map.h"
#include "generative/flow/number_map.h"
#include "training/nets/mlp.h"

namespace generative {

// Of rows of D numbers; the order of the numbers is reversed after each layer.
FlowMap masked_autoregressive_flow(int64_t D, int64_t layers, const NumberMap& map,
                                   const training::MlpOptions& net);
FlowMap inverse_autoregressive_flow(int64_t D, int64_t layers, const NumberMap& map,
                                    const training::MlpOptions& net);

}  // namespace generative

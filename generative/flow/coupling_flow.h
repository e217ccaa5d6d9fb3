// Couplings alone: NICE (Dinh, Krueger & Bengio 2015) with its last scale, RealNVP (Dinh, Sohl-Dickstein &
// Bengio 2017), neural splines (Durkan, Bekasov, Murray & Papamakarios 2019).
#pragma once

#include "generative/flow/flow_map.h"
#include "generative/flow/number_map.h"
#include "training/nets/mlp.h"

namespace generative {

// Of rows of D numbers, D even: each layer maps one half of them, given the other, in turn, by a network of
// its own, "coupling_1", ...
FlowMap coupling_flow(int64_t D, int64_t layers, const NumberMap& map, const training::MlpOptions& net);

}  // namespace generative

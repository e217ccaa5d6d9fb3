// Invertible linear map of a row, "1x1 convolution" (Kingma & Dhariwal 2018, Glow, section 3.2):
// W = P L (U + diag(s)), so that ln |det W| = sum ln |s|; it begins as a random rotation.
#pragma once

#include "generative/flow/flow_map.h"

namespace generative {

FlowMap invertible_linear(const std::string& name, int64_t D);

}  // namespace generative

// Activation normalisation (Kingma & Dhariwal 2018, Glow, section 3.1): y = (x + b) exp(s), number by number,
// begun so that the first batch leaves with mean 0 and deviation 1.
#pragma once

#include "generative/flow/flow_map.h"

namespace generative {

FlowMap actnorm(const std::string& name, int64_t D);
// The same without its beginning by data: y = x exp(s), s = 0 at first (NICE's last layer).
FlowMap scaling(const std::string& name, int64_t D);

}  // namespace generative

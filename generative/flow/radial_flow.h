// Radial flow (Rezende & Mohamed 2015, section 4.1 and appendix A.2): each layer moves rows from or towards a
// centre, y = x + beta (x - c) / (alpha + |x - c|), beta above -alpha.
#pragma once

#include "generative/flow/flow_map.h"

namespace generative {

// Of rows of D numbers, which are brought to mean 0 and deviation 1 first.
FlowMap radial_flow(int64_t D, int64_t layers);

}  // namespace generative

// Planar flow (Rezende & Mohamed 2015, section 4.1 and appendix A.1): each layer pushes along u by how far a
// row lies along w, y = x + u tanh(w x + b). Its inverse is found by bisection, since it has no formula.
#pragma once

#include "generative/flow/flow_map.h"

namespace generative {

// Of rows of D numbers, which are brought to mean 0 and deviation 1 first.
FlowMap planar_flow(int64_t D, int64_t layers);

}  // namespace generative

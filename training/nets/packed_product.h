// Matrix products that outgrow the nearest cache: both factors are first copied, strip by strip, into the
// order in which register tiles read them (Goto & van de Geijn 2008, section 4), for AVX2 and for AVX-512.
#pragma once

#include "training/nets/kernels.h"

namespace training::kernels {

// Adds A B to the first columns of C and returns how many: 0 where packing would not pay or the machine has
// neither. Every element is summed over k in order, each step rounded once, so that its bits do not depend on
// the way.
int64_t multiply_add_packed(const Product& product);

}  // namespace training::kernels

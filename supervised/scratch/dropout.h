// Dropout (Srivastava et al. 2014, section 4), inverted: what is kept is divided by the share that is kept,
// so that nothing is scaled afterwards.
#pragma once

#include <functional>

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// For each number of such an array 1 if it is kept, 0 if it is dropped, which `share` of them are in the
// mean.
using Draw = std::function<std::vector<uint8_t>(const Shape& shape, double share)>;

// What a net is to do: learn, with what it drops, or answer. Who draws says the caller, so that two programs
// can drop the same numbers.
struct Mode {
  bool learning = false;
  Draw draw = {};  // asked while learning alone
};

template <class T>
Tensor<T> dropout(const Tensor<T>& x, double share, const Mode& mode);

}  // namespace supervised::scratch

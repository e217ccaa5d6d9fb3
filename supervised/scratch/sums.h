// Sums and means, over some sides of an array or all of it.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// Over these sides, which stay as 1.
template <class T>
Tensor<T> sum(const Tensor<T>& x, const std::vector<size_t>& sides);
template <class T>
Tensor<T> mean(const Tensor<T>& x, const std::vector<size_t>& sides);
// Of all numbers: [].
template <class T>
Tensor<T> sum(const Tensor<T>& x);
template <class T>
Tensor<T> mean(const Tensor<T>& x);

}  // namespace supervised::scratch

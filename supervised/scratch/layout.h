// The same numbers in another shape: parts, joins, transposes, and rows chosen by number.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// As many numbers in the same order; the memory is shared.
template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& shape);
template <class T>
Tensor<T> transpose(const Tensor<T>& x);  // [M, N] -> [N, M]
// `length` of this side from `first` on.
template <class T>
Tensor<T> narrow(const Tensor<T>& x, size_t side, int64_t first, int64_t length);
// One behind the other along the first side.
template <class T>
Tensor<T> concatenate(const std::vector<Tensor<T>>& parts);
// Rows of `weight` [V, D] by number, each below V: [n, D].
template <class T>
Tensor<T> embedding(const Tensor<T>& weight, const std::vector<int64_t>& symbols);

}  // namespace supervised::scratch

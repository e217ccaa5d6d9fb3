// Matrix products as operations.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// x [M, K] y [K, N] -> [M, N]; of many y [B, K, N] -> [B, M, N].
template <class T>
Tensor<T> matmul(const Tensor<T>& x, const Tensor<T>& y);
// x [M, K], y [N, K] -> x y^T [M, N].
template <class T>
Tensor<T> matmul_transposed(const Tensor<T>& x, const Tensor<T>& y);

}  // namespace supervised::scratch

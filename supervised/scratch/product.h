// The matrix product beneath matmul and convolutions, on plain memory.
#pragma once

#include <cstdint>

namespace supervised::scratch {

// Element (i, k) stands at values[i * row + k * column], so that a transposed matrix is the same memory.
template <class T>
struct Matrix {
  const T* values;
  int64_t row, column;

  Matrix transposed() const { return {values, column, row}; }
};

// c [M, N] += a [M, K] b [K, N]; c is row-major and overlaps neither. T is float or double.
template <class T>
void multiply_add(int64_t M, int64_t N, int64_t K, Matrix<T> a, Matrix<T> b, T* c);

}  // namespace supervised::scratch

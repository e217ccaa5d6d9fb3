// Eigenvectors of a symmetric matrix by cyclic rotations (Jacobi 1846; Golub & Van Loan 2013, section 8.5).
// Plain loops in one order: the same bits at any number of threads and with any BLAS.
#pragma once

#include <cstdint>
#include <vector>

namespace agents {

struct Eigen {
  std::vector<double> values;   // [d], in no particular order
  std::vector<double> vectors;  // [d, d]: row i belongs to values[i]; orthonormal
};

// matrix: [d, d], symmetric and finite.
Eigen jacobi(std::vector<double> matrix, int64_t d);

}  // namespace agents

// Dense kernels for small networks on plain float arrays: one matrix product, activations and their slopes.
// LibTorch spends 16 us on a batch of one through 4-64-64-2, mostly on dispatch; these spend a quarter of
// one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace training::kernels {

// C [M, N] += A [M, K] B [K, N]. Element (m, k) of A stands at a[m * a_row + k * a_column], so that a
// transposed A costs nothing; B and C are row-major. The arrays must not overlap.
struct Product {
  int64_t M, N, K;
  const float* a;
  int64_t a_row, a_column;
  const float* b;  // rows of N
  float* c;        // rows of N
};
void multiply_add(const Product& product);

void transpose(const float* from, int64_t rows, int64_t columns,
               float* to);  // [rows, columns] -> [columns, rows]

// Activations whose slope follows from their output.
enum class Activation { identity, leaky_relu, relu, sigmoid, tanh };
std::optional<Activation> activation(const std::string& name);  // nothing for one that needs its input (gelu)
void activate(Activation function, float* x, int64_t n);        // in place
// d[i] *= slope at the point where the output is y[i].
void multiply_by_slope(Activation function, const float* y, float* d, int64_t n);

// sum x[i]^2, in double: finite exactly when every element is.
double sum_of_squares(const float* x, int64_t n);

}  // namespace training::kernels

// Both factors are copied, strip by strip, into the order in which tiles of registers read them (Goto & van
// de Geijn 2008, section 4).
#include "supervised/scratch/product.h"

#include <algorithm>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace supervised::scratch {
namespace {

constexpr int64_t tile_rows = 6, lanes = 2;
constexpr int64_t depth = 256;  // of K that are packed at a time: a strip of b stays in the nearest cache

template <class T>
struct Register;
template <>
struct Register<float> {
  using Lane = float __attribute__((vector_size(32)));
};
template <>
struct Register<double> {
  using Lane = double __attribute__((vector_size(32)));
};

template <class T>
struct Plain {
  using Lane = typename Register<T>::Lane;
  static constexpr int64_t width = 32 / sizeof(T), strip = lanes * width;
  static void add(Lane& sum, T scale, const Lane& column) { sum += scale * column; }
};

#if defined(__x86_64__)
template <class T>
struct Fused : Plain<T> {
  using Lane = typename Plain<T>::Lane;
  [[gnu::target("avx2,fma")]] static void add(Lane& sum, T scale, const Lane& column) {
    if constexpr (sizeof(T) == 4)
      sum = _mm256_fmadd_ps(_mm256_set1_ps(scale), column, sum);
    else
      sum = _mm256_fmadd_pd(_mm256_set1_pd(scale), column, sum);
  }
};
#endif

// What is packed: K steps of tile_rows numbers of a, and of a strip of b; zeros where a matrix has ended.
template <class T>
inline void pack(Matrix<T> from, int64_t rows, int64_t K, int64_t wide, T* to) {
  for (int64_t k = 0; k < K; ++k, to += wide)
    for (int64_t r = 0; r < wide; ++r) to[r] = r < rows ? from.values[r * from.row + k * from.column] : T(0);
}

// tile [tile_rows, strip] = a strip of a times one of b.
template <class Machine, class T>
inline void multiply_tile(int64_t K, const T* a, const T* b, T* tile) {
  using Lane = typename Machine::Lane;
  Lane sum[tile_rows][lanes] = {};
  for (int64_t k = 0; k < K; ++k, a += tile_rows, b += Machine::strip) {
    const Lane* column = reinterpret_cast<const Lane*>(b);
    for (int64_t r = 0; r < tile_rows; ++r)
      for (int64_t l = 0; l < lanes; ++l) Machine::add(sum[r][l], a[r], column[l]);
  }
  for (int64_t r = 0; r < tile_rows; ++r)
    for (int64_t l = 0; l < lanes; ++l) reinterpret_cast<Lane*>(tile)[r * lanes + l] = sum[r][l];
}

template <class T>
inline void add_tile(const T* tile, int64_t strip, int64_t rows, int64_t columns, T* c, int64_t c_row) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t n = 0; n < columns; ++n) c[r * c_row + n] += tile[r * strip + n];
}

template <class Machine, class T>
inline void multiply_add_any(int64_t M, int64_t N, int64_t K, Matrix<T> a, Matrix<T> b, T* c) {
  constexpr int64_t strip = Machine::strip;
  alignas(64) T packed_b[static_cast<size_t>(depth * strip)], tile[static_cast<size_t>(tile_rows * strip)];
  thread_local std::vector<T> packed_a;
  packed_a.resize(static_cast<size_t>((M + tile_rows - 1) / tile_rows * tile_rows * depth));
  for (int64_t first = 0; first < K; first += depth) {
    const int64_t deep = std::min(depth, K - first);
    for (int64_t m = 0; m < M; m += tile_rows)
      pack<T>({a.values + m * a.row + first * a.column, a.row, a.column}, M - m, deep, tile_rows,
              packed_a.data() + m * deep);
    for (int64_t n = 0; n < N; n += strip) {
      pack<T>({b.values + n * b.column + first * b.row, b.column, b.row}, N - n, deep, strip, packed_b);
      for (int64_t m = 0; m < M; m += tile_rows) {
        multiply_tile<Machine>(deep, packed_a.data() + m * deep, packed_b, tile);
        add_tile(tile, strip, std::min(tile_rows, M - m), std::min(strip, N - n), c + m * N + n, N);
      }
    }
  }
}

template <class T>
using MultiplyAdd = void (*)(int64_t, int64_t, int64_t, Matrix<T>, Matrix<T>, T*);

[[gnu::flatten]] void plain(int64_t M, int64_t N, int64_t K, Matrix<float> a, Matrix<float> b, float* c) {
  multiply_add_any<Plain<float>>(M, N, K, a, b, c);
}
[[gnu::flatten]] void plain(int64_t M, int64_t N, int64_t K, Matrix<double> a, Matrix<double> b, double* c) {
  multiply_add_any<Plain<double>>(M, N, K, a, b, c);
}

#if defined(__x86_64__)
[[gnu::flatten, gnu::target("avx2,fma")]] void fused(int64_t M, int64_t N, int64_t K, Matrix<float> a,
                                                     Matrix<float> b, float* c) {
  multiply_add_any<Fused<float>>(M, N, K, a, b, c);
}
[[gnu::flatten, gnu::target("avx2,fma")]] void fused(int64_t M, int64_t N, int64_t K, Matrix<double> a,
                                                     Matrix<double> b, double* c) {
  multiply_add_any<Fused<double>>(M, N, K, a, b, c);
}
template <class T>
const MultiplyAdd<T> best = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                                ? static_cast<MultiplyAdd<T>>(fused)
                                : static_cast<MultiplyAdd<T>>(plain);
#else
template <class T>
const MultiplyAdd<T> best = plain;
#endif

}  // namespace

template <class T>
void multiply_add(int64_t M, int64_t N, int64_t K, Matrix<T> a, Matrix<T> b, T* c) {
  best<T>(M, N, K, a, b, c);
}

template void multiply_add(int64_t, int64_t, int64_t, Matrix<float>, Matrix<float>, float*);
template void multiply_add(int64_t, int64_t, int64_t, Matrix<double>, Matrix<double>, double*);

}  // namespace supervised::scratch

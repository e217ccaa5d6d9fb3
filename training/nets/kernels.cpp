// Register tiles of 6 rows x 16 columns, as in Goto & van de Geijn (2008), for AVX2 and for any machine.
#include "training/nets/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace training::kernels {

namespace {

using Lane = float __attribute__((vector_size(32)));  // 8 columns
using Unaligned =
    float __attribute__((vector_size(32), aligned(4), may_alias));  // the same, anywhere in memory
constexpr int64_t width = sizeof(Lane) / sizeof(float);
constexpr int64_t tall = 6;  // rows of a full tile

// One tile: `rows` rows and `lanes` * 8 columns of C, over K.
template <int64_t rows, int lanes>
inline void tile(const Product& p, const float* a, const float* b, int64_t b_row, float* c, int64_t c_row,
                 int64_t K) {
  Lane sum[rows][lanes];
  for (int r = 0; r < rows; ++r)
    for (int l = 0; l < lanes; ++l)
      sum[r][l] = *reinterpret_cast<const Unaligned*>(c + r * c_row + l * width);
  for (int64_t k = 0; k < K; ++k) {
    Lane column[lanes];
    for (int l = 0; l < lanes; ++l)
      column[l] = *reinterpret_cast<const Unaligned*>(b + k * b_row + l * width);
    for (int r = 0; r < rows; ++r) {
      const float scale = a[r * p.a_row + k * p.a_column];
      for (int l = 0; l < lanes; ++l) sum[r][l] += scale * column[l];
    }
  }
  for (int r = 0; r < rows; ++r)
    for (int l = 0; l < lanes; ++l) *reinterpret_cast<Unaligned*>(c + r * c_row + l * width) = sum[r][l];
}

// The same for at most `most` rows.
template <int64_t most, int lanes>
inline void tile_of(int64_t rows, const Product& p, const float* a, const float* b, int64_t b_row, float* c,
                    int64_t c_row, int64_t K) {
  if constexpr (most > 1)
    if (rows < most) return tile_of<most - 1, lanes>(rows, p, a, b, b_row, c, c_row, K);
  tile<most, lanes>(p, a, b, b_row, c, c_row, K);
}

// Strips of lanes * 8 columns from column n on, as many as fit; returns where they end.
template <int64_t most, int lanes>
inline int64_t strips(const Product& p, int64_t n) {
  for (; n + lanes * width <= p.N; n += lanes * width)
    for (int64_t m = 0; m < p.M; m += most)
      tile_of<most, lanes>(std::min(most, p.M - m), p, p.a + m * p.a_row, p.b + n, p.N, p.c + m * p.N + n,
                           p.N, p.K);
  return n;
}

// The last columns, fewer than 8, are summed in one order whatever the number of rows, so that a row has the
// same bits in any batch: stretches of `deep` terms, each in four sums side by side, which hide their
// latency.
constexpr int64_t deep = 64, chains = 4;

template <class T>
inline void join(const T* sum, T& total) {
  total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// `rows` rows of one stretch, times a panel of 8 columns.
template <int64_t rows>
inline void narrow_tile(const Product& p, const float* a, const float* panel, int64_t K, Lane* part) {
  Lane sum[rows][chains] = {};
  const auto add = [&](int64_t k, int64_t chain) {
    const Lane column = *reinterpret_cast<const Unaligned*>(panel + k * width);
    for (int64_t r = 0; r < rows; ++r) sum[r][chain] += a[r * p.a_row + k * p.a_column] * column;
  };
  int64_t k = 0;
  for (; k + chains <= K; k += chains)
    for (int64_t i = 0; i < chains; ++i) add(k + i, i);
  for (; k < K; ++k) add(k, 0);
  for (int64_t r = 0; r < rows; ++r) join(sum[r], part[r]);
}

// Through panels that are padded with zeros.
inline void narrow_strip(const Product& p, int64_t n) {
  constexpr int64_t low = 3;  // rows of a full tile: 12 sums
  const int64_t columns = p.N - n;
  float panel[deep * width] = {};
  Lane part[low];
  for (int64_t k0 = 0; k0 < p.K; k0 += deep) {
    const int64_t K = std::min(deep, p.K - k0);
    for (int64_t k = 0; k < K; ++k)
      for (int64_t j = 0; j < columns; ++j) panel[k * width + j] = p.b[(k0 + k) * p.N + n + j];
    for (int64_t m = 0; m < p.M; m += low) {
      const float* a = p.a + m * p.a_row + k0 * p.a_column;
      const int64_t rows = std::min(low, p.M - m);
      if (rows == 3) narrow_tile<3>(p, a, panel, K, part);
      if (rows == 2) narrow_tile<2>(p, a, panel, K, part);
      if (rows == 1) narrow_tile<1>(p, a, panel, K, part);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t j = 0; j < columns; ++j) p.c[(m + r) * p.N + n + j] += part[r][j];
    }
  }
}

// The same for a row or two, where padding would cost more than it saves.
inline void narrow_dot(const Product& p, int64_t n) {
  for (int64_t m = 0; m < p.M; ++m)
    for (int64_t j = n; j < p.N; ++j)
      for (int64_t k0 = 0; k0 < p.K; k0 += deep) {
        const float *a = p.a + m * p.a_row + k0 * p.a_column, *b = p.b + k0 * p.N + j;
        const int64_t K = std::min(deep, p.K - k0);
        float sum[chains] = {};
        int64_t k = 0;
        for (; k + chains <= K; k += chains)
          for (int64_t i = 0; i < chains; ++i) sum[i] += a[(k + i) * p.a_column] * b[(k + i) * p.N];
        for (; k < K; ++k) sum[0] += a[k * p.a_column] * b[k * p.N];
        float part = 0;
        join(sum, part);
        p.c[m * p.N + j] += part;
      }
}

// A lone row is held up by the latency of its sums, so that it takes more of them side by side.
inline void multiply_add_any(const Product& p) {
  int64_t n = 0;
  if (p.M == 1) n = strips<1, 8>(p, n);
  if (p.M <= 3) n = strips<3, 4>(p, n);
  n = strips<tall, 2>(p, n);
  n = strips<tall, 1>(p, n);
  if (n < p.N && p.M <= 2) return narrow_dot(p, n);
  if (n < p.N) narrow_strip(p, n);
}

// e^x for -80 < x <= 0, relative error 1e-7: 2^n times the series of the rest, |rest| <= ln 2 / 2.
inline float exp_of(float x) {
  constexpr float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const float shifted = x * 1.44269504f + shift, n = shifted - shift;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float series =
      1 + r * (1 + r * (0.5f +
                        r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720 + r / 5040))))));
  return series *
         std::bit_cast<float>((std::bit_cast<int32_t>(shifted) - std::bit_cast<int32_t>(shift) + 127) << 23);
}

inline float tanh_of(float x) {
  const float size = std::abs(x), square = x * x, t = exp_of(-2 * std::min(size, 10.0f));
  const float far = std::copysign((1 - t) / (1 + t), x);
  const float near =
      x *
      (1 + square * (-1.0f / 3 + square * (2.0f / 15 + square * (-17.0f / 315 + square * (62.0f / 2835)))));
  return size < 0.25f ? near : far;
}

inline float sigmoid_of(float x) {
  const float t = exp_of(-std::min(std::abs(x), 80.0f)), high = 1 / (1 + t);
  return x < 0 ? t * high : high;
}

template <class F>
inline void map(float* __restrict x, int64_t n, F&& f) {
  for (int64_t i = 0; i < n; ++i) x[i] = f(x[i]);
}

inline void activate_any(Activation function, float* x, int64_t n) {
  switch (function) {
    case Activation::identity:
      return;
    case Activation::leaky_relu:
      return map(x, n, [](float v) { return v > 0 ? v : 0.01f * v; });
    case Activation::relu:
      return map(x, n, [](float v) { return v > 0 ? v : 0.0f; });
    case Activation::sigmoid:
      return map(x, n, sigmoid_of);
    case Activation::tanh:
      return map(x, n, tanh_of);
  }
}

template <class F>
inline void scale(const float* __restrict y, float* __restrict d, int64_t n, F&& slope) {
  for (int64_t i = 0; i < n; ++i) d[i] *= slope(y[i]);
}

inline void slope_any(Activation function, const float* y, float* d, int64_t n) {
  switch (function) {
    case Activation::identity:
      return;
    case Activation::leaky_relu:
      return scale(y, d, n, [](float v) { return v > 0 ? 1.0f : 0.01f; });
    case Activation::relu:
      return scale(y, d, n, [](float v) { return v > 0 ? 1.0f : 0.0f; });
    case Activation::sigmoid:
      return scale(y, d, n, [](float v) { return v * (1 - v); });
    case Activation::tanh:
      return scale(y, d, n, [](float v) { return 1 - v * v; });
  }
}

// Every kernel twice, for any machine and for AVX2, chosen once at run time.
struct Kernels {
  void (*multiply_add)(const Product&);
  void (*activate)(Activation, float*, int64_t);
  void (*slope)(Activation, const float*, float*, int64_t);
};

[[gnu::flatten]] void multiply_add_plain(const Product& p) { multiply_add_any(p); }
[[gnu::flatten]] void activate_plain(Activation f, float* x, int64_t n) { activate_any(f, x, n); }
[[gnu::flatten]] void slope_plain(Activation f, const float* y, float* d, int64_t n) {
  slope_any(f, y, d, n);
}

#if defined(__x86_64__)
[[gnu::flatten, gnu::target("avx2,fma")]] void multiply_add_avx2(const Product& p) { multiply_add_any(p); }
[[gnu::flatten, gnu::target("avx2,fma")]] void activate_avx2(Activation f, float* x, int64_t n) {
  activate_any(f, x, n);
}
[[gnu::flatten, gnu::target("avx2,fma")]] void slope_avx2(Activation f, const float* y, float* d, int64_t n) {
  slope_any(f, y, d, n);
}
const Kernels best = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                         ? Kernels{multiply_add_avx2, activate_avx2, slope_avx2}
                         : Kernels{multiply_add_plain, activate_plain, slope_plain};
#else
const Kernels best{multiply_add_plain, activate_plain, slope_plain};
#endif

}  // namespace

void multiply_add(const Product& product) { best.multiply_add(product); }
void activate(Activation function, float* x, int64_t n) { best.activate(function, x, n); }
void multiply_by_slope(Activation function, const float* y, float* d, int64_t n) {
  best.slope(function, y, d, n);
}

void transpose(const float* from, int64_t rows, int64_t columns, float* to) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) to[c * rows + r] = from[r * columns + c];
}

std::optional<Activation> activation(const std::string& name) {
  if (name == "identity") return Activation::identity;
  if (name == "leaky_relu") return Activation::leaky_relu;
  if (name == "relu") return Activation::relu;
  if (name == "sigmoid") return Activation::sigmoid;
  if (name == "tanh") return Activation::tanh;
  return std::nullopt;
}

double sum_of_squares(const float* x, int64_t n) {
  constexpr int64_t lanes = 16;  // independent sums, in a fixed order
  double sum[lanes] = {}, total = 0;
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (int64_t l = 0; l < lanes; ++l)
      sum[l] += static_cast<double>(x[i + l]) * static_cast<double>(x[i + l]);
  for (; i < n; ++i) total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  for (const double part : sum) total += part;
  return total;
}

}  // namespace training::kernels

// Register tiles of 6 rows x 16 columns, as in Goto & van de Geijn (2008), for AVX2 and for any machine.
#include "training/nets/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "training/nets/packed_product.h"

namespace training::kernels {

namespace {

using Lane = float __attribute__((vector_size(32)));  // 8 columns
using Unaligned =
    float __attribute__((vector_size(32), aligned(4), may_alias));  // the same, anywhere in memory
using Mask = int32_t __attribute__((vector_size(32)));              // -1: a column that is there
constexpr int64_t width = sizeof(Lane) / sizeof(float);
constexpr int64_t tall = 6;  // rows of a full tile

// What a machine can do with x y + z: round twice, or once and twice as fast. Said here for every place: a
// compiler that may choose fuses some rows and not others, and then a row's bits depend on its neighbours.
struct Plain {
  static float fma(float x, float y, float z) { return x * y + z; }
  static void add(Lane& sum, float scale, const Lane& column) { sum += scale * column; }
  static void load(const float* from, const Mask& columns, Lane& to) {
    for (int64_t j = 0; j < width; ++j) to[j] = columns[j] ? from[j] : 0;
  }
};

#if defined(__x86_64__)
struct Fused {
  [[gnu::always_inline]] static float fma(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
  [[gnu::target("avx2,fma")]] static void add(Lane& sum, float scale, const Lane& column) {
    sum = _mm256_fmadd_ps(_mm256_set1_ps(scale), column, sum);
  }
  [[gnu::target("avx2,fma")]] static void load(const float* from, const Mask& columns, Lane& to) {
    to = _mm256_maskload_ps(from, reinterpret_cast<const __m256i&>(columns));
  }
};
#endif

// One tile: `rows` rows and `lanes` * 8 columns of C, over K.
template <class Machine, int64_t rows, int lanes>
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
      for (int l = 0; l < lanes; ++l) Machine::add(sum[r][l], scale, column[l]);
    }
  }
  for (int r = 0; r < rows; ++r)
    for (int l = 0; l < lanes; ++l) *reinterpret_cast<Unaligned*>(c + r * c_row + l * width) = sum[r][l];
}

// The same for at most `most` rows.
template <class Machine, int64_t most, int lanes>
inline void tile_of(int64_t rows, const Product& p, const float* a, const float* b, int64_t b_row, float* c,
                    int64_t c_row, int64_t K) {
  if constexpr (most > 1)
    if (rows < most) return tile_of<Machine, most - 1, lanes>(rows, p, a, b, b_row, c, c_row, K);
  tile<Machine, most, lanes>(p, a, b, b_row, c, c_row, K);
}

// Strips of lanes * 8 columns from column n on, as many as fit; returns where they end.
template <class Machine, int64_t most, int lanes>
inline int64_t strips(const Product& p, int64_t n) {
  for (; n + lanes * width <= p.N; n += lanes * width)
    for (int64_t m = 0; m < p.M; m += most)
      tile_of<Machine, most, lanes>(std::min(most, p.M - m), p, p.a + m * p.a_row, p.b + n, p.N,
                                    p.c + m * p.N + n, p.N, p.K);
  return n;
}

// The last columns, fewer than 8, are summed in one order whatever the number of rows, so that a row has the
// same bits in any batch: stretches of `deep` terms, each in four sums side by side, which hide their
// latency.
constexpr int64_t deep = 64, chains = 4;

// `rows` rows of one stretch.
template <class Machine, int64_t rows>
inline void narrow_tile(const Product& p, const float* a, const float* b, const Mask& columns, int64_t K,
                        Lane* part) {
  Lane sum[rows][chains] = {};
  const auto add = [&](int64_t k, int64_t chain) {
    Lane column;
    Machine::load(b + k * p.N, columns, column);
    for (int64_t r = 0; r < rows; ++r) Machine::add(sum[r][chain], a[r * p.a_row + k * p.a_column], column);
  };
  int64_t k = 0;
  for (; k + chains <= K; k += chains)
    for (int64_t i = 0; i < chains; ++i) add(k + i, i);
  for (; k < K; ++k) add(k, 0);
  for (int64_t r = 0; r < rows; ++r) part[r] = (sum[r][0] + sum[r][1]) + (sum[r][2] + sum[r][3]);
}

template <class Machine>
inline void narrow_strip(const Product& p, int64_t n) {
  constexpr int64_t low = 3;  // rows of a full tile: 12 sums
  Mask columns;
  for (int64_t j = 0; j < width; ++j) columns[j] = j < p.N - n ? -1 : 0;
  Lane part[low];
  for (int64_t k = 0; k < p.K; k += deep)
    for (int64_t m = 0; m < p.M; m += low) {
      const float *a = p.a + m * p.a_row + k * p.a_column, *b = p.b + k * p.N + n;
      const int64_t rows = std::min(low, p.M - m), K = std::min(deep, p.K - k);
      if (rows == 3) narrow_tile<Machine, 3>(p, a, b, columns, K, part);
      if (rows == 2) narrow_tile<Machine, 2>(p, a, b, columns, K, part);
      if (rows == 1) narrow_tile<Machine, 1>(p, a, b, columns, K, part);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t j = 0; n + j < p.N; ++j) p.c[(m + r) * p.N + n + j] += part[r][j];
    }
}

// Columns n .. N. A lone row is held up by the latency of its sums, so that it takes more of them side by
// side.
template <class Machine>
inline void multiply_add_any(const Product& p, int64_t n) {
  if (p.M == 1) n = strips<Machine, 1, 8>(p, n);
  if (p.M <= 3) n = strips<Machine, 3, 4>(p, n);
  n = strips<Machine, tall, 2>(p, n);
  n = strips<Machine, tall, 1>(p, n);
  if (n < p.N) narrow_strip<Machine>(p, n);
}

// The last factor first: c0 + x (c1 + x (c2 + ...)).
template <class Machine, class... Rest>
inline float polynomial(float x, float constant, Rest... rest) {
  if constexpr (sizeof...(rest) == 0)
    return constant;
  else
    return Machine::fma(x, polynomial<Machine>(x, rest...), constant);
}

// e^x for -80 < x <= 0, relative error 1e-7: 2^n times the series of the rest, |rest| <= ln 2 / 2.
template <class Machine>
inline float exp_of(float x) {
  constexpr float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const float shifted = Machine::fma(x, 1.44269504f, shift), n = shifted - shift;
  const float rest = Machine::fma(n, 2.12194440e-4f, Machine::fma(n, -0.693359375f, x));
  const float series =
      polynomial<Machine>(rest, 1.0f, 1.0f, 0.5f, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040);
  return series *
         std::bit_cast<float>((std::bit_cast<int32_t>(shifted) - std::bit_cast<int32_t>(shift) + 127) << 23);
}

template <class Machine>
inline float tanh_of(float x) {
  const float size = std::abs(x), t = exp_of<Machine>(-2 * std::min(size, 10.0f));
  const float far = std::copysign((1 - t) / (1 + t), x);
  const float near = x * polynomial<Machine>(x * x, 1.0f, -1.0f / 3, 2.0f / 15, -17.0f / 315, 62.0f / 2835);
  return size < 0.25f ? near : far;
}

template <class Machine>
inline float sigmoid_of(float x) {
  const float t = exp_of<Machine>(-std::min(std::abs(x), 80.0f)), high = 1 / (1 + t);
  return x < 0 ? t * high : high;
}

template <class F>
inline void map(float* __restrict x, int64_t n, F&& f) {
  for (int64_t i = 0; i < n; ++i) x[i] = f(x[i]);
}

template <class Machine>
inline void activate_any(Activation function, float* x, int64_t n) {
  switch (function) {
    case Activation::identity:
      return;
    case Activation::leaky_relu:
      return map(x, n, [](float v) { return v > 0 ? v : 0.01f * v; });
    case Activation::relu:
      return map(x, n, [](float v) { return v > 0 ? v : 0.0f; });
    case Activation::sigmoid:
      return map(x, n, sigmoid_of<Machine>);
    case Activation::tanh:
      return map(x, n, tanh_of<Machine>);
  }
}

template <class F>
inline void scale(const float* __restrict y, float* __restrict d, int64_t n, F&& slope) {
  for (int64_t i = 0; i < n; ++i) d[i] *= slope(y[i]);
}

template <class Machine>
inline void slope_any(Activation function, const float* y, float* d, int64_t n) {
  switch (function) {
    case Activation::identity:
      return;
    case Activation::leaky_relu:
      return scale(y, d, n, [](float v) { return v > 0 ? 1.0f : 0.01f; });
    case Activation::relu:
      return scale(y, d, n, [](float v) { return v > 0 ? 1.0f : 0.0f; });
    case Activation::sigmoid:
      return scale(y, d, n, [](float v) { return Machine::fma(-v, v, v); });
    case Activation::tanh:
      return scale(y, d, n, [](float v) { return Machine::fma(-v, v, 1.0f); });
  }
}

// Every kernel twice, for any machine and for AVX2, chosen once at run time.
struct Kernels {
  void (*multiply_add)(const Product&, int64_t n);
  void (*activate)(Activation, float*, int64_t);
  void (*slope)(Activation, const float*, float*, int64_t);
};

[[gnu::flatten]] void multiply_add_plain(const Product& p, int64_t n) { multiply_add_any<Plain>(p, n); }
[[gnu::flatten]] void activate_plain(Activation f, float* x, int64_t n) { activate_any<Plain>(f, x, n); }
[[gnu::flatten]] void slope_plain(Activation f, const float* y, float* d, int64_t n) {
  slope_any<Plain>(f, y, d, n);
}

#if defined(__x86_64__)
[[gnu::flatten, gnu::target("avx2,fma")]] void multiply_add_avx2(const Product& p, int64_t n) {
  multiply_add_any<Fused>(p, n);
}
[[gnu::flatten, gnu::target("avx2,fma")]] void activate_avx2(Activation f, float* x, int64_t n) {
  activate_any<Fused>(f, x, n);
}
[[gnu::flatten, gnu::target("avx2,fma")]] void slope_avx2(Activation f, const float* y, float* d, int64_t n) {
  slope_any<Fused>(f, y, d, n);
}
const Kernels best = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                         ? Kernels{multiply_add_avx2, activate_avx2, slope_avx2}
                         : Kernels{multiply_add_plain, activate_plain, slope_plain};
#else
const Kernels best{multiply_add_plain, activate_plain, slope_plain};
#endif

}  // namespace

void multiply_add(const Product& product) { best.multiply_add(product, multiply_add_packed(product)); }
void activate(Activation function, float* x, int64_t n) { best.activate(function, x, n); }
void multiply_by_slope(Activation function, const float* y, float* d, int64_t n) {
  best.slope(function, y, d, n);
}

namespace {

// Four rows and columns through the registers.
void transpose_four(const float* from, int64_t columns, float* to, int64_t rows) {
#if defined(__x86_64__)
  __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + columns), c = _mm_loadu_ps(from + 2 * columns),
         d = _mm_loadu_ps(from + 3 * columns);
  _MM_TRANSPOSE4_PS(a, b, c, d);
  _mm_storeu_ps(to, a);
  _mm_storeu_ps(to + rows, b);
  _mm_storeu_ps(to + 2 * rows, c);
  _mm_storeu_ps(to + 3 * rows, d);
#else
  for (int64_t r = 0; r < 4; ++r)
    for (int64_t c = 0; c < 4; ++c) to[c * rows + r] = from[r * columns + c];
#endif
}

}  // namespace

// Whole lines of 16 are written before the next ones are begun: they stay in the nearest cache.
void transpose(const float* from, int64_t rows, int64_t columns, float* to) {
  constexpr int64_t block = 4, line = 16;
  const int64_t whole_rows = rows / block * block, whole_columns = columns / block * block;
  for (int64_t first = 0; first < whole_rows; first += line)
    for (int64_t c = 0; c < whole_columns; c += block)
      for (int64_t r = first; r < std::min(first + line, whole_rows); r += block)
        transpose_four(from + r * columns + c, columns, to + c * rows + r, rows);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c)
      to[c * rows + r] = from[r * columns + c];
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

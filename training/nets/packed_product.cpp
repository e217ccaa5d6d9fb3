#include "training/nets/packed_product.h"

#include <algorithm>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace training::kernels {

#if defined(__x86_64__)

namespace {

constexpr int64_t tile_rows = 6;
constexpr int64_t depth = 128;  // of K that are packed at a time: a strip of B stays in the nearest cache

// Registers of a tile's row, and sum += scale * column in one rounding.
struct Avx2 {
  using Lane = float __attribute__((vector_size(32)));
  using Unaligned = float __attribute__((vector_size(32), aligned(4), may_alias));
  static constexpr int64_t width = 8, lanes = 2;
  [[gnu::target("avx2,fma")]] static void add(Lane& sum, float scale, const Lane& column) {
    sum = _mm256_fmadd_ps(_mm256_set1_ps(scale), column, sum);
  }
};

struct Avx512 {
  using Lane = float __attribute__((vector_size(64)));
  using Unaligned = float __attribute__((vector_size(64), aligned(4), may_alias));
  static constexpr int64_t width = 16, lanes = 4;
  [[gnu::target("avx512f")]] static void add(Lane& sum, float scale, const Lane& column) {
    sum = _mm512_fmadd_ps(_mm512_set1_ps(scale), column, sum);
  }
};

template <class Machine>
constexpr int64_t strip_of = Machine::width* Machine::lanes;  // columns

// Some rows of A: element (r, k) at values[r * row + k * column].
struct Rows {
  const float* values;
  int64_t row, column;
};

// rows x strip of C += rows x K of A times K x strip of B, which lies packed.
template <class Machine, int64_t rows>
inline void packed_tile(const Rows& a, const float* b, int64_t K, float* c, int64_t c_row) {
  using Lane = typename Machine::Lane;
  using Unaligned = typename Machine::Unaligned;
  Lane sum[rows][Machine::lanes];
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t l = 0; l < Machine::lanes; ++l)
      sum[r][l] = *reinterpret_cast<const Unaligned*>(c + r * c_row + l * Machine::width);
  for (int64_t k = 0; k < K; ++k) {
    Lane column[Machine::lanes];
    for (int64_t l = 0; l < Machine::lanes; ++l)
      column[l] = *reinterpret_cast<const Unaligned*>(b + k * strip_of<Machine> + l * Machine::width);
    for (int64_t r = 0; r < rows; ++r) {
      const float scale = a.values[r * a.row + k * a.column];
      for (int64_t l = 0; l < Machine::lanes; ++l) Machine::add(sum[r][l], scale, column[l]);
    }
  }
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t l = 0; l < Machine::lanes; ++l)
      *reinterpret_cast<Unaligned*>(c + r * c_row + l * Machine::width) = sum[r][l];
}

// The same for at most `most` rows.
template <class Machine, int64_t most>
inline void packed_tile_of(int64_t rows, const Rows& a, const float* b, int64_t K, float* c, int64_t c_row) {
  if constexpr (most > 1)
    if (rows < most) return packed_tile_of<Machine, most - 1>(rows, a, b, K, c, c_row);
  packed_tile<Machine, most>(a, b, K, c, c_row);
}

// K rows of B from column n on, one after another.
template <int64_t strip>
inline void pack_strip(const Product& p, int64_t first, int64_t K, int64_t n, float* to) {
  for (int64_t k = 0; k < K; ++k) std::copy_n(p.b + (first + k) * p.N + n, strip, to + k * strip);
}

// Where A lies the other way up (rows 1 apart): those of each tile side by side, tile after tile.
inline void pack_rows(const Product& p, int64_t first, int64_t K, float* to) {
  for (int64_t m = 0; m < p.M; m += tile_rows) {
    const float* from = p.a + m + first * p.a_column;
    const int64_t rows = std::min(tile_rows, p.M - m);
    for (int64_t k = 0; k < K; ++k, from += p.a_column, to += tile_rows)
      if (rows == tile_rows)
        std::copy_n(from, tile_rows, to);  // of a length that the compiler knows
      else
        std::copy_n(from, rows, to);
  }
}

// Whole strips of C; returns where they end. packed_a: room for `depth` columns of A, null where its rows can
// be read as they lie.
template <class Machine>
inline int64_t multiply_add_strips(const Product& p, float* packed_a) {
  constexpr int64_t strip = strip_of<Machine>;
  alignas(64) float packed_b[static_cast<size_t>(depth * strip)];
  for (int64_t first = 0; first < p.K; first += depth) {
    const int64_t K = std::min(depth, p.K - first);
    if (packed_a) pack_rows(p, first, K, packed_a);
    for (int64_t n = 0; n + strip <= p.N; n += strip) {
      pack_strip<strip>(p, first, K, n, packed_b);
      for (int64_t m = 0; m < p.M; m += tile_rows) {
        const Rows a = packed_a ? Rows{packed_a + m * K, 1, tile_rows}
                                : Rows{p.a + m * p.a_row + first * p.a_column, p.a_row, p.a_column};
        packed_tile_of<Machine, tile_rows>(std::min(tile_rows, p.M - m), a, packed_b, K, p.c + m * p.N + n,
                                           p.N);
      }
    }
  }
  return p.N / strip * strip;
}

[[gnu::flatten, gnu::target("avx2,fma")]] int64_t multiply_add_strips_avx2(const Product& p,
                                                                           float* packed_a) {
  return multiply_add_strips<Avx2>(p, packed_a);
}
[[gnu::flatten, gnu::target("avx512f,avx2,fma")]] int64_t multiply_add_strips_avx512(const Product& p,
                                                                                     float* packed_a) {
  return multiply_add_strips<Avx512>(p, packed_a);
}

using Strips = int64_t (*)(const Product&, float* packed_a);
const Strips best_strips = !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ? nullptr
                           : __builtin_cpu_supports("avx512f") ? multiply_add_strips_avx512
                                                               : multiply_add_strips_avx2;

}  // namespace

int64_t multiply_add_packed(const Product& p) {
  const bool is_large = p.M >= 24 && p.N >= 128 && p.K >= 32;
  if (!is_large || !best_strips) return 0;
  if (p.a_column == 1) return best_strips(p, nullptr);
  if (p.a_row != 1) return 0;
  thread_local std::vector<float> packed_a;
  packed_a.resize(static_cast<size_t>((p.M + tile_rows - 1) / tile_rows * tile_rows * depth));
  return best_strips(p, packed_a.data());
}

#else

int64_t multiply_add_packed(const Product&) { return 0; }

#endif

}  // namespace training::kernels

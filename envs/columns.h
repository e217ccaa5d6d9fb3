// Structs of equal-sized scalars, taken apart into words and put together again: as columns (one per field,
// so that a loop over environments vectorises) or as rows (what callers read).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace envs {

// The unsigned word as wide as the scalars of S; S has one kind of width only, 4 or 8 bytes.
template <class S>
using WordOf = std::conditional_t<alignof(S) == 8, uint64_t, uint32_t>;
template <class S>
constexpr size_t field_count = sizeof(S) / sizeof(WordOf<S>);

// Converts to whichever scalar of its width a field wants.
template <class W>
struct Word {
  W bits;
  template <class T>
  operator T() const {
    return std::bit_cast<T>(bits);
  }
};

// Word k of a struct lies at at[k * stride].
template <class S, size_t... field>
S gather(const WordOf<S>* at, size_t stride, std::index_sequence<field...>) {
  return S{Word<WordOf<S>>{at[field * stride]}...};
}
template <class S>
S gather(const WordOf<S>* at, size_t stride) {
  return gather<S>(at, stride, std::make_index_sequence<field_count<S>>{});
}

template <class W>
void put(W* at, size_t stride, auto... fields) {
  size_t k = 0;
  ((at[k++ * stride] = std::bit_cast<W>(fields)), ...);
}

// By the fields' names: to copy the struct's bytes instead would keep GCC 12 from vectorising the caller's
// loop.
template <class S>
void scatter(const S& s, WordOf<S>* at, size_t stride) {
  constexpr size_t n = field_count<S>;
  static_assert(n >= 1 && n <= 6, "a struct of 1 to 6 scalars");
  if constexpr (n == 1) {
    const auto& [a] = s;
    put(at, stride, a);
  }
  if constexpr (n == 2) {
    const auto& [a, b] = s;
    put(at, stride, a, b);
  }
  if constexpr (n == 3) {
    const auto& [a, b, c] = s;
    put(at, stride, a, b, c);
  }
  if constexpr (n == 4) {
    const auto& [a, b, c, d] = s;
    put(at, stride, a, b, c, d);
  }
  if constexpr (n == 5) {
    const auto& [a, b, c, d, e] = s;
    put(at, stride, a, b, c, d, e);
  }
  if constexpr (n == 6) {
    const auto& [a, b, c, d, e, f] = s;
    put(at, stride, a, b, c, d, e, f);
  }
}

}  // namespace envs

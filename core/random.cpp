#include "core/random.h"

namespace core {

namespace {

// The two hashes of SeedSequence: one changes its constant at every word, one joins two words.
struct Hash {
  uint32_t constant, factor;
  uint32_t operator()(uint32_t word) {
    word ^= constant;
    constant *= factor;
    word *= constant;
    return word ^ word >> 16;
  }
};

uint32_t join(uint32_t x, uint32_t y) {
  const uint32_t word = 0xca01f9dd * x - 0x4973f715 * y;
  return word ^ word >> 16;
}

// A number in [0, range] without bias from draws of half the product's width (Lemire 2019).
template <class Word, class Product, class Draw>
Word bounded(Word range, Draw draw) {
  const Word count = Word(range + 1);
  Product product = Product(draw()) * count;
  if (Word(product) < count) {
    const Word threshold = Word(Word(~range) % count);
    while (Word(product) < threshold) product = Product(draw()) * count;
  }
  return Word(product >> (8 * sizeof(Word)));
}

}  // namespace

std::array<uint32_t, 4> seed_pool(uint64_t seed) {
  Hash hash{0x43b0d7e5, 0x931e8875};
  std::array<uint32_t, 4> pool{};
  const std::array<uint32_t, 4> entropy{uint32_t(seed), uint32_t(seed >> 32), 0, 0};
  for (size_t i = 0; i < 4; ++i) pool[i] = hash(entropy[i]);
  for (size_t from = 0; from < 4; ++from)
    for (size_t to = 0; to < 4; ++to)
      if (from != to) pool[to] = join(pool[to], hash(pool[from]));
  return pool;
}

std::array<uint64_t, 4> seed_state(uint64_t seed) {
  const auto pool = seed_pool(seed);
  Hash hash{0x8b51f9dd, 0x58f38ded};
  std::array<uint64_t, 4> words{};
  for (size_t i = 0; i < 8; ++i) words[i / 2] |= uint64_t(hash(pool[i % 4])) << (32 * (i % 2));
  return words;
}

Pcg64::Pcg64(uint64_t seed) {
  const auto [a, b, c, d] = seed_state(seed);
  increment_high_ = c << 1 | d >> 63;
  increment_low_ = d << 1 | 1;
  const Wide start = increment() + (Wide(a) << 64 | b);
  high_ = uint64_t(start >> 64);
  low_ = uint64_t(start);
  next64();
}

int64_t Pcg64::integers(int64_t low, int64_t high) {
  const uint64_t range = uint64_t(high) - uint64_t(low) - 1;
  uint64_t offset = 0;
  if (range == 0) return low;
  if (range < UINT32_MAX)
    offset = bounded<uint32_t, uint64_t>(uint32_t(range), [this] { return next32(); });
  else if (range == UINT32_MAX)
    offset = next32();
  else if (range == UINT64_MAX)
    offset = next64();
  else
    offset = bounded<uint64_t, Wide>(range, [this] { return next64(); });
  return int64_t(uint64_t(low) + offset);
}

}  // namespace core

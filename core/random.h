// Random numbers: NumPy's generator, bit for bit, and a counter-based one whose draws are addressed, not
// consumed.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace core {

// numpy.random.SeedSequence(seed): the pool of four 32-bit words, and generate_state(4, uint64). O'Neill
// (2015).
std::array<uint32_t, 4> seed_pool(uint64_t seed);
std::array<uint64_t, 4> seed_state(uint64_t seed);

// numpy.random.Generator(PCG64(seed)): the same numbers in the same order. PCG XSL-RR 128/64, O'Neill (2014).
class Pcg64 {
 public:
  __extension__ using Wide = unsigned __int128;

  explicit Pcg64(uint64_t seed = 0);

  uint64_t next64() {
    const Wide next = state() * multiplier() + increment();
    high_ = uint64_t(next >> 64);
    low_ = uint64_t(next);
    return std::rotr(high_ ^ low_, int(high_ >> 58));
  }
  // The low half of a 64-bit draw first; the high half waits for the next call.
  uint32_t next32() {
    has_half_ ^= 1;
    if (!has_half_) return half_;
    const uint64_t both = next64();
    half_ = uint32_t(both >> 32);
    return uint32_t(both);
  }
  double random() { return double(next64() >> 11) * 0x1p-53; }                       // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * random(); }  // [low, high)
  int64_t integers(int64_t low, int64_t high);                                       // low .. high - 1

  // Its draws go on: an even increment would run in a short circle, and one of 0 stand still.
  bool is_sound() const { return increment_low_ % 2 == 1 && has_half_ <= 1; }

  Wide state() const { return Wide(high_) << 64 | low_; }
  Wide increment() const { return Wide(increment_high_) << 64 | increment_low_; }

 private:
  static constexpr Wide multiplier() { return Wide(0x2360ed051fc65da4) << 64 | 0x4385df649fccf645; }

  // Halves, not Wide: 40 bytes without padding, so that a saved generator is the same bytes every time.
  uint64_t high_ = 0, low_ = 0, increment_high_ = 0, increment_low_ = 0;
  uint32_t half_ = 0, has_half_ = 0;
};
static_assert(std::has_unique_object_representations_v<Pcg64>);

// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): counter and key to four independent words.
inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  auto [a, b, c, d] = counter;
  auto [k, l] = key;
  for (int round = 0; round < 10; ++round) {
    const uint64_t p = uint64_t(0xd2511f53) * a, q = uint64_t(0xcd9e8d57) * c;
    a = uint32_t(q >> 32) ^ b ^ k;
    b = uint32_t(q);
    c = uint32_t(p >> 32) ^ d ^ l;
    d = uint32_t(p);
    k += 0x9e3779b9;
    l += 0xbb67ae85;
  }
  return {a, b, c, d};
}

// The draws of one moment: a pure function of (seed, episode, step, draw), so that nothing has to be stored
// and no stream can run into another. Step 0 is the reset.
class Philox {
 public:
  Philox(uint64_t seed, uint32_t episode, uint32_t step)
      : key_{uint32_t(seed), uint32_t(seed >> 32)}, episode_(episode), step_(step) {}

  uint32_t next32() {
    if (draw_ % 4 == 0) words_ = philox({draw_ / 4, step_, episode_, 0}, key_);
    return words_[draw_++ % 4];
  }
  float random() { return float(next32() >> 8) * 0x1p-24f; }                      // [0, 1)
  float uniform(float low, float high) { return low + (high - low) * random(); }  // [low, high]

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> words_{};
  uint32_t episode_, step_, draw_ = 0;
};

// An independent seed, 0 .. 2^63 - 1, for one purpose: mix(seed, {"evaluation"}) or mix(seed, {"noise", 3}).
// SplitMix64 (Steele, Lea & Flood 2014) folded over the parts.
struct Part {
  uint64_t word;
  constexpr Part(std::integral auto number) : word(uint64_t(number)) {}
  constexpr Part(std::string_view name) : word(0xcbf29ce484222325) {  // FNV-1a
    for (const char c : name) word = (word ^ uint8_t(c)) * 0x100000001b3;
  }
  constexpr Part(const char* name) : Part(std::string_view(name)) {}
};

constexpr uint64_t split_mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

constexpr uint64_t mix(uint64_t seed, std::initializer_list<Part> parts) {
  uint64_t word = split_mix(seed);
  for (const Part part : parts) word = split_mix(word ^ split_mix(part.word));
  return word >> 1;
}

}  // namespace core

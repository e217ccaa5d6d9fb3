// NumPy's numbers, Philox's published vectors, and seeds that do not collide.
#include "core/random.h"

#include <limits>
#include <set>
#include <string>

#include "tests/catch.h"

namespace tests::random {

namespace {

std::string decimal(core::Pcg64::Wide number) {
  std::string digits;
  for (; number; number /= 10) digits.insert(digits.begin(), char('0' + int(number % 10)));
  return digits;
}

}  // namespace

// The golden values: NumPy 1.24, seed 123.
TEST_CASE("a seed sequence hashes as NumPy's", "[core]") {
  CHECK(core::seed_pool(123) == std::array<uint32_t, 4>{0x7cd9bc03, 0x507a8951, 0x17c4d497, 0x74055cf7});
  CHECK(core::seed_state(123) == std::array<uint64_t, 4>{0xb1383ed0295844f6, 0xa250632e171d58af,
                                                         0x86a7247f7443199d, 0x136de7e3c11fce1d});
}

TEST_CASE("PCG64 starts and goes on as NumPy's", "[core]") {
  core::Pcg64 random(123);
  CHECK(decimal(random.state()) == "160078363690744033601390112987726904141");
  CHECK(decimal(random.increment()) == "17686443629577124697969402389330893883");
  for (const uint64_t raw : {0xaeae9c9903f3e9cdu, 0x0dc736db97cb6d23u, 0x3869812ee8b9ea96u})
    CHECK(random.next64() == raw);
}

TEST_CASE("random() keeps NumPy's 53 bits", "[core]") {
  core::Pcg64 random(123);
  for (const double value :
       {0.6823518632481435, 0.053821018802222675, 0.22035987277261138, 0.1843718106986697})
    CHECK(random.random() == value);
}

TEST_CASE("integers() buffers the halves of a draw as NumPy does", "[core]") {
  core::Pcg64 random(123);
  for (const int64_t value : {0, 2, 2, 0, 3, 0, 1, 0}) CHECK(random.integers(0, 4) == value);
}

TEST_CASE("integers() holds its range at every width", "[core]") {
  core::Pcg64 random(7);
  const int64_t most = std::numeric_limits<int64_t>::max(), least = std::numeric_limits<int64_t>::min();
  for (int i = 0; i < 1000; ++i) {
    CHECK(random.integers(5, 6) == 5);
    const int64_t narrow = random.integers(-3, 4), wide = random.integers(0, int64_t(1) << 40);
    CHECK((narrow >= -3 && narrow < 4));
    CHECK((wide >= 0 && wide < int64_t(1) << 40));
    CHECK(random.integers(most - 1, most) == most - 1);
    CHECK(random.integers(least, most) < most);
  }
}

TEST_CASE("large seeds differ from their low halves", "[core]") {
  const uint64_t largest = (uint64_t(1) << 63) - 1;
  CHECK(core::seed_pool(largest) != core::seed_pool(uint32_t(largest)));
  CHECK(core::Pcg64(largest).next64() != core::Pcg64(largest - 1).next64());
}

// Random123, kat_vectors: philox4x32 10.
TEST_CASE("Philox gives its published answers", "[core]") {
  using Four = std::array<uint32_t, 4>;
  CHECK(core::philox({0, 0, 0, 0}, {0, 0}) == Four{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(core::philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
        Four{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(core::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Four{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a counter's draws depend on seed, episode, step and draw alone", "[core]") {
  std::set<uint32_t> seen;
  for (const uint64_t seed : {uint64_t(0), uint64_t(1), uint64_t(1) << 32})
    for (uint32_t episode = 0; episode < 4; ++episode)
      for (uint32_t step = 0; step < 4; ++step) {
        core::Philox one(seed, episode, step), two(seed, episode, step);
        for (int draw = 0; draw < 8; ++draw) {
          const uint32_t word = one.next32();
          CHECK(two.next32() == word);
          seen.insert(word);
        }
      }
  CHECK(seen.size() == 3 * 4 * 4 * 8);
}

TEST_CASE("uniform draws have a uniform's mean and variance", "[core]") {
  double sum = 0, squares = 0;
  const int n = 100'000;
  for (int i = 0; i < n; ++i) {
    const double u = core::Philox(11, 0, uint32_t(i)).uniform(0, 1);
    sum += u;
    squares += u * u;
  }
  CHECK(sum / n == Approx(0.5).margin(0.004));
  CHECK(squares / n - sum / n * sum / n == Approx(1.0 / 12).margin(0.002));
}

TEST_CASE("every purpose has a seed of its own", "[core]") {
  const std::set<uint64_t> seeds{
      core::mix(0, {}),          core::mix(0, {"data"}),    core::mix(0, {"noise"}),  core::mix(1, {"data"}),
      core::mix(0, {"data", 0}), core::mix(0, {"data", 1}), core::mix(0, {1, "data"})};
  CHECK(seeds.size() == 7);
  for (const uint64_t seed : seeds) CHECK(seed >> 63 == 0);
}

}  // namespace tests::random

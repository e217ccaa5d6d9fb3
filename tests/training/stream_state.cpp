// States of random generators that a checkpoint may hold.
#include "training/loop/stream_state.h"

#include <cstring>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/compat.h"

using namespace training;

namespace {

template <class T>
std::string with(size_t byte, T value) {
  torch::Generator generator = make_generator(1);
  const torch::Tensor drawn = torch::rand({5}, generator);
  const torch::Tensor state = generator.get_state();
  std::memcpy(state.data_ptr<uint8_t>() + byte, &value, sizeof value);
  return refusal([&] { restore_stream(generator, state, "last.h5: '/streams/noise'"); });
}

constexpr size_t left = 8, seeded = 12, next = 16;  // places in the state

}  // namespace

TEST_CASE("a generator that is restored goes on as it was", "[training][streams]") {
  torch::Generator generator = make_generator(1);
  for (const int64_t drawn : {0, 1, 5, 623, 624, 625, 2000}) {
    const torch::Tensor before = torch::rand({drawn}, generator), state = generator.get_state();
    const torch::Tensor after = torch::rand({700}, generator);
    torch::Generator other = make_generator(2);
    restore_stream(other, state, "here");
    CHECK(torch::equal(torch::rand({700}, other), after));
  }
}

TEST_CASE("a state that no generator has is refused before it is read by", "[training][streams]") {
  const std::string refused = "last.h5: '/streams/noise': is a state that no generator has";
  CHECK(with(next, uint64_t{5}).empty());       // five numbers were drawn
  CHECK(with(next, uint64_t{600}) == refused);  // LibTorch would read behind its 624 words
  CHECK(with(next, uint64_t{1} << 40) == refused);
  CHECK(with(left, int32_t{0}) == refused);
  CHECK(with(left, int32_t{-1}) == refused);
  CHECK(with(left, int32_t{625}) == refused);
  CHECK(with(seeded, int32_t{0}) == refused);
  const torch::Tensor shorter = torch::zeros({10}, torch::kUInt8);
  CHECK(refusal([&] { restore_stream(make_generator(1), shorter, "x"); }) == "x: is no state of a generator");
}

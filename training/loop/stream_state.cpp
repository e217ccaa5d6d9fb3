#include "training/loop/stream_state.h"

#include <cstring>

#include "core/error.h"

namespace training {

// The beginning of a CPU generator's state, in every LibTorch since 1.6 (at::CPUGeneratorImplStateLegacy).
struct Twister {
  uint64_t seed;
  int32_t left, seeded;  // words until the next twist, the first one aside
  uint64_t next;         // the place of the next word
};

// LibTorch itself asks for less: that each of the two is at most 624.
static bool is_sound(const Twister& twister) {
  constexpr int32_t words = 624;
  return twister.seeded == 1 && twister.left >= 1 && twister.left <= words && twister.next <= words &&
         twister.next + static_cast<uint64_t>(twister.left) <= words + 1;
}

void restore_stream(torch::Generator generator, const torch::Tensor& state, const std::string& where) {
  if (generator.device().is_cpu()) {
    Twister twister{};
    core::check(static_cast<size_t>(state.numel()) > sizeof twister, "{}: is no state of a generator", where);
    std::memcpy(&twister, state.data_ptr<uint8_t>(), sizeof twister);
    core::check(is_sound(twister), "{}: is a state that no generator has", where);
  }
  try {
    generator.set_state(state);
  } catch (const c10::Error&) {
    core::fail("{}: is a state that no generator has", where);
  }
}

}  // namespace training

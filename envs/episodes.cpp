#include "envs/episodes.h"

#include <fmt/ranges.h>

#include <bit>
#include <limits>
#include <span>

#include "core/error.h"

namespace envs {

Episodes::Episodes(int64_t n, int64_t max_steps)
    : limit(max_steps ? int32_t(max_steps) : std::numeric_limits<int32_t>::max()),
      age(size_t(n)),
      returns(size_t(n)) {}

void Episodes::state(core::Archive& archive) {
  archive.within("age", age.data(), age.size(), 0, limit);
  archive("returns", returns);
}

bool restored_flag(core::Archive& archive, const std::string& name, bool flag) {
  uint8_t byte = flag;
  archive.within(name, byte, uint8_t{0}, uint8_t{1});
  return byte != 0;
}

namespace {

bool finite(float x) { return (std::bit_cast<uint32_t>(x) & 0x7f800000) != 0x7f800000; }

// Whether element j of a row is a choice of `space`.
bool chosen(const Space& space, int64_t action, size_t j) { return uint64_t(action) < uint64_t(space.n[j]); }

// One pass without branches finds out whether all is well; who is wrong is asked only then.
bool all_chosen(const Space& space, std::span<const int64_t> actions) {
  int wrong = 0;
  if (space.n.size() == 1) {
    const uint64_t n = uint64_t(space.n[0]);
    for (const int64_t action : actions) wrong |= uint64_t(action) >= n;
  } else {
    for (size_t k = 0; k < actions.size(); ++k) wrong |= !chosen(space, actions[k], k % space.n.size());
  }
  return !wrong;
}

bool all_finite(std::span<const float> actions) {
  int wrong = 0;
  for (const float action : actions) wrong |= !finite(action);
  return !wrong;
}

template <class T, class Good>
[[noreturn]] void blame(const Spec& spec, const char* row_name, std::span<const T> actions, Good good) {
  const size_t width = size_t(spec.action.size());
  size_t k = 0;
  while (good(actions[k], k % width)) ++k;
  const auto row = actions.subspan(k / width * width, width);
  core::fail("{}: {} {}: action {} is not in {}", spec.id, row_name, k / width,
             width == 1 ? fmt::format("{}", row[0]) : fmt::format("[{}]", fmt::join(row, ", ")),
             spec.action.str());
}

}  // namespace

void check_actions(const Spec& spec, int64_t n, const Actions& actions, const char* row_name) {
  const Space& space = spec.action;
  const size_t count = size_t(n * space.size());
  if (space.kind == Space::Kind::box) {
    if (!actions.continuous) core::fail("{} needs float32 actions of {}, found none", spec.id, space.str());
    const std::span given(actions.continuous, count);
    if (!all_finite(given)) blame(spec, row_name, given, [](float x, size_t) { return finite(x); });
  } else {
    if (!actions.discrete) core::fail("{} needs whole actions of {}, found none", spec.id, space.str());
    const std::span given(actions.discrete, count);
    if (!all_chosen(space, given))
      blame(spec, row_name, given, [&](int64_t x, size_t j) { return chosen(space, x, j); });
  }
}

void check_started(const Spec& spec, bool started) {
  if (!started) core::fail("{}: step before the first reset", spec.id);
}

}  // namespace envs

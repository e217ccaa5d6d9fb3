#include "envs/wrappers/partial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/error.h"

namespace envs {
namespace {

struct Velocities {
  std::string_view id;
  std::vector<size_t> places;
};

// Where the rows of environments hold velocities.
const std::array<Velocities, 8>& velocities() {
  static const std::array<Velocities, 8> table{{
      {"Acrobot-v1", {4, 5}},
      {"CartPole-v0", {1, 3}},
      {"CartPole-v1", {1, 3}},
      {"LunarLander-v3", {2, 3, 5}},
      {"LunarLanderContinuous-v3", {2, 3, 5}},
      {"MountainCar-v0", {1}},
      {"MountainCarContinuous-v0", {1}},
      {"Pendulum-v1", {2}},
  }};
  return table;
}

std::vector<size_t> velocities_of(const std::string& id) {
  std::string known;
  for (const Velocities& row : velocities()) {
    if (row.id == id) return row.places;
    known += (known.empty() ? "" : ", ") + std::string(row.id);
  }
  throw core::Error("env.wrappers: mask_velocity knows the velocities of " + known + "; not of " + id);
}

void check_numbers(const Envs& inner, const char* wrapper) {
  const Space& space = inner.spec().observation;
  core::check(space.kind == Space::Kind::box && space.dtype == Dtype::float32 && space.shape.size() == 1,
              "env.wrappers: {} needs a row of float32 observations; {} has {}", wrapper, inner.spec().id,
              space.str());
}

// A standard normal number (Marsaglia & Bray 1964, the polar method; the second of each pair is left).
double normal(core::Pcg64& random) {
  double x = 0, square = 0;
  do {
    x = random.uniform(-1, 1);
    const double y = random.uniform(-1, 1);
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  return x * std::sqrt(-2 * std::log(square) / square);
}

}  // namespace

MaskVelocity::MaskVelocity(const Params&, const Envs& inner)
    : velocities_(velocities_of(inner.spec().id)), bytes_(inner.spec().observation.bytes()) {
  check_numbers(inner, "mask_velocity");
  core::check(
      bytes_ > velocities_.back() * sizeof(float),
      "env.wrappers: mask_velocity needs {}'s own observations; expected it before other wrappers of them",
      inner.spec().id);
}

Spec MaskVelocity::spec(Spec inner) const {
  for (const size_t k : velocities_) inner.observation.low[k] = inner.observation.high[k] = 0;
  return inner;
}

void MaskVelocity::transform(const std::byte* in, std::byte* out) const {
  std::memcpy(out, in, bytes_);
  for (const size_t k : velocities_) std::memset(out + k * sizeof(float), 0, sizeof(float));
}

Delay::Delay(const Params& params, const Envs& inner)
    : places_(size_t(params.steps) + 1),
      bytes_(inner.spec().observation.bytes()),
      queue_(size_t(inner.size()) * places_ * bytes_) {
  const Space& space = inner.spec().observation;
  core::check(space.kind == Space::Kind::box, "env.wrappers: delay needs a Box of observations; {} has {}",
              inner.spec().id, space.str());
}

Spec Delay::spec(Spec inner) const {  // zeros are seen at first
  for (float& low : inner.observation.low) low = std::min(low, 0.0f);
  for (float& high : inner.observation.high) high = std::max(high, 0.0f);
  return inner;
}

void Delay::begin(size_t i, const std::byte* in, std::byte* out) {
  std::byte* own = queue_.data() + i * places_ * bytes_;
  std::memset(own, 0, places_ * bytes_);
  next(i, in, out);
}

void Delay::next(size_t i, const std::byte* in, std::byte* out) {
  std::byte* own = queue_.data() + i * places_ * bytes_;
  std::memmove(own, own + bytes_, (places_ - 1) * bytes_);
  std::memcpy(own + (places_ - 1) * bytes_, in, bytes_);
  std::memcpy(out, own, bytes_);
}

WhiteNoise::WhiteNoise(const Params& params, const Envs& inner)
    : deviation_(params.deviation),
      width_(inner.spec().observation.low.size()),
      random_(size_t(inner.size())) {
  check_numbers(inner, "white_noise");
}

Spec WhiteNoise::spec(Spec inner) const {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  inner.observation.low.assign(width_, -infinity);
  inner.observation.high.assign(width_, infinity);
  return inner;
}

void WhiteNoise::seed(uint64_t seed) {
  for (size_t i = 0; i < random_.size(); ++i) random_[i] = core::Pcg64(core::mix(seed + i, {"white_noise"}));
}

void WhiteNoise::transform(size_t i, const std::byte* in, std::byte* out) {
  for (size_t k = 0; k < width_; ++k) {
    float value = 0;
    std::memcpy(&value, in + k * sizeof value, sizeof value);
    value = float(double(value) + deviation_ * normal(random_[i]));
    std::memcpy(out + k * sizeof value, &value, sizeof value);
  }
}

}  // namespace envs

#include "envs/space.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>

#include "core/error.h"

namespace envs {

size_t item_size(Dtype dtype) {
  static constexpr size_t sizes[] = {4, 1, 4, 8};
  return sizes[size_t(dtype)];
}

const char* dtype_name(Dtype dtype) {
  static constexpr const char* names[] = {"float32", "uint8", "int32", "int64"};
  return names[size_t(dtype)];
}

Space Space::box(std::vector<float> low, std::vector<float> high, Dtype dtype) {
  return {.dtype = dtype, .shape = {int64_t(low.size())}, .low = std::move(low), .high = std::move(high)};
}

Space Space::discrete(int64_t n, Dtype dtype) { return {.kind = Kind::discrete, .dtype = dtype, .n = {n}}; }

Space Space::multi_discrete(std::vector<int64_t> n, Dtype dtype) {
  return {.kind = Kind::multi_discrete, .dtype = dtype, .shape = {int64_t(n.size())}, .n = std::move(n)};
}

int64_t Space::size() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

size_t Space::bytes() const { return size_t(size()) * item_size(dtype); }

std::string Space::str() const {
  if (kind == Kind::discrete) return fmt::format("Discrete({})", n[0]);
  if (kind == Kind::multi_discrete) return fmt::format("MultiDiscrete([{}])", fmt::join(n, ", "));
  return fmt::format("Box({}, [{}])", dtype_name(dtype), fmt::join(shape, ", "));
}

int64_t Space::net_width() const {
  return kind == Kind::box ? size() : std::accumulate(n.begin(), n.end(), int64_t(0));
}

namespace {

double element(const Space& space, const std::byte* row, size_t k) {
  const auto as = [&]<class T>(T value) {
    std::memcpy(&value, row + k * sizeof(T), sizeof(T));
    return double(value);
  };
  switch (space.dtype) {
    case Dtype::float32:
      return as(float());
    case Dtype::uint8:
      return as(uint8_t());
    case Dtype::int32:
      return as(int32_t());
    default:
      return as(int64_t());
  }
}

}  // namespace

bool contains(const Space& space, const std::byte* row) {
  for (size_t k = 0; k < size_t(space.size()); ++k) {
    const double x = element(space, row, k);
    const bool box = space.kind == Space::Kind::box;
    const double low = box ? double(space.low[k]) : 0,
                 high = box ? double(space.high[k]) : double(space.n[k] - 1);
    if (!(x >= low && x <= high)) return false;
  }
  return true;
}

void sample(const Space& space, core::Pcg64& random, int64_t* discrete, float* continuous) {
  for (size_t k = 0; k < size_t(space.size()); ++k) {
    if (space.kind != Space::Kind::box) {
      discrete[k] = random.integers(0, space.n[k]);
    } else {
      const bool bounded = std::isfinite(space.low[k]) && std::isfinite(space.high[k]);
      continuous[k] =
          float(random.uniform(bounded ? double(space.low[k]) : -1, bounded ? double(space.high[k]) : 1));
    }
  }
}

}  // namespace envs

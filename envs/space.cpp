#include "envs/space.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
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

Space Space::array(std::vector<int64_t> shape, float low, float high, Dtype dtype) {
  Space space{.dtype = dtype, .shape = std::move(shape)};
  space.low.assign(size_t(space.size()), low);
  space.high.assign(size_t(space.size()), high);
  return space;
}

Space Space::discrete(int64_t n, Dtype dtype) { return {.kind = Kind::discrete, .dtype = dtype, .n = {n}}; }

Space Space::choice(std::vector<std::string> names, Dtype dtype) {
  const auto n = int64_t(names.size());
  return {.kind = Kind::discrete, .dtype = dtype, .n = {n}, .names = std::move(names)};
}

Space Space::multi_discrete(std::vector<int64_t> n, Dtype dtype) {
  return {.kind = Kind::multi_discrete, .dtype = dtype, .shape = {int64_t(n.size())}, .n = std::move(n)};
}

namespace {

// Bounds of element k, whatever the kind.
double low_of(const Space& space, size_t k) { return space.n.empty() ? double(space.low[k]) : 0; }
double high_of(const Space& space, size_t k) {
  return space.n.empty() ? double(space.high[k]) : double(space.n[k] - 1);
}

}  // namespace

Space Space::dict(std::vector<Part> parts) {
  Space space{.kind = Kind::dict, .dtype = parts.at(0).space.dtype, .shape = {0}};
  for (const auto& [name, part] : parts) {
    core::check(part.dtype == space.dtype, "Dict: part '{}': expected {} as in the first, found {}", name,
                dtype_name(space.dtype), dtype_name(part.dtype));
    space.shape[0] += part.size();
    for (size_t k = 0; k < size_t(part.size()); ++k) {
      space.low.push_back(float(low_of(part, k)));
      space.high.push_back(float(high_of(part, k)));
    }
  }
  space.parts = std::move(parts);
  return space;
}

int64_t Space::size() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

size_t Space::bytes() const { return size_t(size()) * item_size(dtype); }

std::string Space::str() const {
  if (kind == Kind::discrete)
    return fmt::format("Discrete({}{}{})", n[0], names.empty() ? "" : ": ", fmt::join(names, ", "));
  if (kind == Kind::multi_discrete) return fmt::format("MultiDiscrete([{}])", fmt::join(n, ", "));
  if (kind == Kind::dict) {
    std::vector<std::string> named;
    for (const auto& [name, part] : parts) named.push_back(name + ": " + part.str());
    return fmt::format("Dict({})", fmt::join(named, ", "));
  }
  return fmt::format("Box({}, [{}])", dtype_name(dtype), fmt::join(shape, ", "));
}

int64_t Space::net_width() const {
  if (kind == Kind::box) return size();
  int64_t width = std::accumulate(n.begin(), n.end(), int64_t(0));
  for (const Part& part : parts) width += part.space.net_width();
  return width;
}

namespace {

// Calls visit(values) with a row as an array of its dtype.
template <class Visit>
auto typed(const Space& space, const std::byte* row, Visit visit) {
  switch (space.dtype) {
    case Dtype::float32:
      return visit(reinterpret_cast<const float*>(row));
    case Dtype::uint8:
      return visit(reinterpret_cast<const uint8_t*>(row));
    case Dtype::int32:
      return visit(reinterpret_cast<const int32_t*>(row));
    default:
      return visit(reinterpret_cast<const int64_t*>(row));
  }
}

void one_hot(const Space& space, const std::byte* row, float* to) {
  typed(space, row, [&](const auto* values) {
    for (size_t k = 0; k < space.n.size(); to += space.n[k++]) to[int64_t(values[k])] = 1;
  });
}

}  // namespace

bool contains(const Space& space, const std::byte* row) {
  return typed(space, row, [&](const auto* values) {
    for (size_t k = 0; k < size_t(space.size()); ++k)
      if (!(double(values[k]) >= low_of(space, k) && double(values[k]) <= high_of(space, k))) return false;
    return true;
  });
}

bool has_choices(const Space& space, const std::byte* row) {
  bool has = typed(space, row, [&](const auto* values) {
    for (size_t k = 0; k < space.n.size(); ++k)
      if (!(double(values[k]) >= 0 && double(values[k]) < double(space.n[k]))) return false;
    return true;
  });
  for (const auto& [name, part] : space.parts) {
    has = has && has_choices(part, row);
    row += part.bytes();
  }
  return has;
}

void flat_view(const Space& space, const std::byte* row, float* to) {
  if (space.kind == Space::Kind::box)
    return typed(space, row, [&](const auto* values) {
      std::transform(values, values + space.size(), to, [](auto value) { return float(value); });
    });
  std::fill_n(to, space.net_width(), 0.0f);
  one_hot(space, row, to);
  for (const auto& [name, part] : space.parts) {
    flat_view(part, row, to);
    row += part.bytes();
    to += part.net_width();
  }
}

// The k-th action, from 0, of those that the mask lets through; there are more than k.
static int64_t possible_action(const uint8_t* mask, int64_t k) {
  for (int64_t action = 0;; ++action)
    if (mask[action] != 0 && k-- == 0) return action;
}

void sample(const Space& space, core::Pcg64& random, int64_t* discrete, float* continuous,
            const uint8_t* mask) {
  const int64_t possible =
      mask ? std::count_if(mask, mask + space.n[0], [](uint8_t m) { return m != 0; }) : 0;
  if (possible > 0) {
    discrete[0] = possible_action(mask, random.integers(0, possible));
    return;
  }
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

#include "commands/gymnasium.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace commands {

using envs::Space;

static std::string number(float value) {
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return fmt::format("{}", static_cast<double>(value));
}

// values[from ...] of the given shape as nested lists.
static std::string nested(const std::vector<float>& values, const std::vector<int64_t>& shape, size_t axis,
                          size_t& from) {
  if (axis == shape.size()) return number(values[from++]);
  std::vector<std::string> items;
  for (int64_t k = 0; k < shape[axis]; ++k) items.push_back(nested(values, shape, axis + 1, from));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

static std::string bounds(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  size_t from = 0;
  return nested(values, shape, 0, from);
}

// A Tuple is a Dict whose parts are called by their place.
static std::string dict_json(const Space& space) {
  std::vector<std::string> parts;
  if (space.parts[0].name == "_index_0") {
    for (const auto& [name, part] : space.parts) parts.push_back(space_json(part));
    return fmt::format(R"({{"type": "Tuple", "subspaces": [{}]}})", fmt::join(parts, ", "));
  }
  for (const auto& [name, part] : space.parts)
    parts.push_back(fmt::format("{}: {}", nlohmann::json(name).dump(), space_json(part)));
  return fmt::format(R"({{"type": "Dict", "subspaces": {{{}}}}})", fmt::join(parts, ", "));
}

std::string space_json(const Space& space) {
  switch (space.kind) {
    case Space::Kind::discrete:
      return fmt::format(R"({{"type": "Discrete", "dtype": "int64", "start": 0, "n": {}}})", space.n[0]);
    case Space::Kind::multi_discrete:
      return fmt::format(R"({{"type": "MultiDiscrete", "dtype": "int64", "nvec": [{}], "start": [{}]}})",
                         fmt::join(space.n, ", "), fmt::join(std::vector<int>(space.n.size(), 0), ", "));
    case Space::Kind::dict:
      return dict_json(space);
    default:
      return fmt::format(R"({{"type": "Box", "dtype": "{}", "shape": [{}], "low": {}, "high": {}}})",
                         envs::dtype_name(space.dtype), fmt::join(space.shape, ", "),
                         bounds(space.low, space.shape), bounds(space.high, space.shape));
  }
}

}  // namespace commands

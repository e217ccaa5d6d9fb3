#include "core/formats/minari_space.h"

#include <algorithm>
#include <regex>

#include "core/error.h"
#include "core/formats/json.h"

namespace core::formats {

using nlohmann::ordered_json;

constexpr size_t most_axes = 8, most_depth = 16;

static bool all_are(const ordered_json& bounds, double value, size_t depth = 0) {
  if (!bounds.is_array()) return bounds.is_number() && bounds.get<double>() == value;
  return depth < most_axes && std::all_of(bounds.begin(), bounds.end(),
                                          [=](const auto& b) { return all_are(b, value, depth + 1); });
}

// Minari's own rule: 32 pixels a side or more, all values of a byte.
static bool is_picture(const ordered_json& box, const Leaf& leaf) {
  return leaf.dtype == "uint8" && (leaf.row.size() == 2 || leaf.row.size() == 3) && leaf.row[0] >= 32 &&
         leaf.row[1] >= 32 && (leaf.row.size() == 2 || leaf.row[2] == 1 || leaf.row[2] == 3) &&
         all_are(box.at("low"), 0) && all_are(box.at("high"), 255);
}

static std::vector<hsize_t> shape_of(const ordered_json& values) {
  std::vector<hsize_t> shape;
  for (const auto* level = &values; level->is_array() && shape.size() < most_axes; level = &level->front()) {
    shape.push_back(level->size());
    if (level->empty()) break;
  }
  return shape;
}

static Leaf leaf_of(const ordered_json& space, const std::string& name) {
  Leaf leaf{.name = name, .type = space.at("type").get<std::string>()};
  if (leaf.type == "Text") return leaf;
  leaf.dtype = space.value("dtype", leaf.type == "MultiBinary" ? "int8" : "int64");
  if (leaf.type == "Box") {
    leaf.row = space.at("shape").get<std::vector<hsize_t>>();
    leaf.picture = is_picture(space, leaf);
  }
  if (leaf.type == "MultiDiscrete") leaf.row = shape_of(space.at("nvec"));
  if (leaf.type == "MultiBinary") {
    const ordered_json& n = space.at("n");
    leaf.row = n.is_array() ? n.get<std::vector<hsize_t>>() : std::vector<hsize_t>{n.get<hsize_t>()};
  }
  return leaf;
}

// Whether a row of it has elements, and not too many.
static bool has_elements(const Leaf& leaf) {
  constexpr double most = 1 << 28;
  double elements = 1;
  for (const hsize_t d : leaf.row) elements *= static_cast<double>(d);
  return elements >= 1 && elements <= most;
}

static void collect(const ordered_json& space, const std::string& name, std::vector<Leaf>& leaves,
                    const std::string& where, size_t depth = 0) {
  check(depth <= most_depth, "{}: a space in more than {} others", where, most_depth);
  const auto below = [&](const std::string& part) { return name.empty() ? part : name + "/" + part; };
  const std::string type = space.at("type").get<std::string>();
  const ordered_json& parts = type == "Dict" || type == "Tuple" ? space.at("subspaces") : space;
  if (type == "Dict") {
    for (const auto& [key, part] : parts.items()) collect(part, below(key), leaves, where, depth + 1);
  } else if (type == "Tuple") {
    for (size_t k = 0; k < parts.size(); ++k)
      collect(parts[k], below("_index_" + std::to_string(k)), leaves, where, depth + 1);
  } else {
    leaves.push_back(leaf_of(space, name));
    check(has_elements(leaves.back()), "{}: the space '{}' has no elements, or too many", where, name);
  }
}

std::vector<Leaf> leaves_of(const std::string& space, const std::string& where) {
  // Python writes infinities as bare words, which no other reader of JSON knows.
  static const std::regex words("-?Infinity|NaN");
  const auto json = parse_json<ordered_json>(std::regex_replace(space, words, "null"));
  std::vector<Leaf> leaves;
  try {
    if (json.is_object()) collect(json, "", leaves, where);
  } catch (const ordered_json::exception&) {
    leaves.clear();  // a space of a kind that Minari did not have
  }
  return leaves;
}

}  // namespace core::formats

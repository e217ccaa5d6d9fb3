// The spaces of Minari's metadata: what lies in which dataset below `observations`.
#pragma once

#include <string>
#include <vector>

#include "core/hdf5.h"

namespace core::formats {

// A space without parts, or a part of a Dict or Tuple.
struct Leaf {
  std::string name;          // its path below the observations: "", "image", "_index_0", "hand/_index_1"
  std::string type;          // "Box", "Discrete", "Text", ...
  std::string dtype;         // as NumPy calls it; empty for Text
  std::vector<hsize_t> row;  // {} for one discrete value
  bool picture = false;      // kept as JPEG where the dataset keeps pictures so
};

// In the space's own order. Empty for a text that is no space; Error, which begins with `where`, for one that
// nests without end or has no elements.
std::vector<Leaf> leaves_of(const std::string& space, const std::string& where);

}  // namespace core::formats

// How the rows of an episodes file are spread over the datasets of another format.
#pragma once

#include <string>
#include <vector>

#include "core/hdf5.h"

namespace core::formats {

struct Part {
  std::string name;                     // in a Dict; empty when it is the whole observation
  std::string dtype;                    // as the other format has it
  std::vector<hsize_t> row;             // {} for one discrete value
  std::vector<std::string> words = {};  // what each value is called where the other format has text
};

struct Layout {
  std::vector<Part> observation;  // one, or a Dict's parts in the order of a row
  Part action;
};

}  // namespace core::formats

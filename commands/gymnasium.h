// Our environments in Gymnasium's words: spaces as Minari's metadata keeps them.
#pragma once

#include <string>

#include "envs/all.h"

namespace commands {

// JSON as Python writes it: bounds are nested lists, infinities bare words.
std::string space_json(const envs::Space& space);

}  // namespace commands

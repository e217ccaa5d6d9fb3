// Our environments in Gymnasium's words: spaces and specifications as Minari's metadata keeps them.
#pragma once

#include <string>

#include "core/formats/layout.h"
#include "envs/all.h"

namespace experiments {

// JSON as Python writes it: bounds are nested lists, infinities bare words.
std::string space_json(const envs::Space& space);
// EnvSpec.to_json() of the environment; empty where options or wrappers make it another one than Gymnasium's,
// and where Gymnasium itself does not have it.
std::string env_spec_json(const envs::Options& options);
// Discrete values become int64, as Gymnasium's are; a Dict's parts stand apart.
core::formats::Layout layout_of(const envs::Spec& spec);

}  // namespace experiments

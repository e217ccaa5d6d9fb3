// Our environments in Gymnasium's words: spaces as Minari's metadata keeps them.
#pragma once

#include <string>

#include "core/formats/layout.h"
#include "envs/all.h"

namespace commands {

// JSON as Python writes it: bounds are nested lists, infinities bare words.
std::string space_json(const envs::Space& space);
// The environment's observations as Gymnasium has them: Blackjack's are a Tuple there.
envs::Space gymnasium_observation(const envs::Spec& spec);
// Discrete values become int64, as Gymnasium's are; the parts of a Dict or Tuple stand apart.
core::formats::Layout layout_of(const envs::Space& observation, const envs::Space& action);

}  // namespace commands

// How an environment's rows lie in recorded data sets: in episodes.h5, and as Gymnasium's words have them.
#pragma once

#include "core/episodes.h"
#include "core/formats/layout.h"
#include "envs/envs.h"

namespace envs {

// The rows that the environment itself would record; without its name and options.
core::EpisodeFormat episode_rows(const Spec& spec);
// The environment's observations as Gymnasium has them: Blackjack's are a Tuple there.
Space gymnasium_observation(const Spec& spec);
// Discrete values become int64, as Gymnasium's are; the parts of a Dict or Tuple stand apart.
core::formats::Layout layout_of(const Space& observation, const Space& action);

}  // namespace envs

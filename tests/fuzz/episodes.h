// An episode to be written into seeds.
#pragma once

#include "core/episodes.h"

namespace tests::fuzz {

// Of `length` steps, in rows of one axis.
core::Episode short_episode(const core::EpisodeFormat& format, int64_t length);

}  // namespace tests::fuzz

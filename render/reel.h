// Where a viewer's episodes come from: a file that a run recorded, or an environment played on the spot.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/episodes.h"

namespace render {

struct Reel {
  core::EpisodeFormat format;
  int64_t count = 0;                                    // episodes
  std::function<core::Episode(int64_t index)> episode;  // 0 .. count - 1
};

// Error when the file holds no whole episode.
Reel recorded(const std::filesystem::path& episodes_file);

// Episode k is played by `policy` ("random" or "heuristic") from seed + k. `env_options`: an `env:` section
// as YAML
// ("id: CartPole-v1"), or just the id. Episodes without an end are cut after 10,000 steps.
Reel played(const std::string& env_options, const std::string& policy, uint64_t seed);

}  // namespace render

// Where a viewer's episodes come from: a file that a run recorded, or an environment played on the spot.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/episodes.h"
#include "envs/envs.h"

namespace render {

struct Reel {
  core::EpisodeFormat format;
  int64_t count = 0;                                    // episodes
  std::function<core::Episode(int64_t index)> episode;  // 0 .. count - 1
  std::string name = {};                                // of the run
  // Looks again: how many there are now, where they become more; `wanted` of them would be welcome.
  std::function<int64_t(int64_t wanted)> grow = {};
  bool training = false;  // they are recorded by a run that learns: the newest are the ones to see
};

// A run as the viewer names it: by its experiment and seed.
std::string title_of(const std::filesystem::path& run);

// Error when the file holds no whole episode. A file that is still written grows.
Reel recorded(const std::filesystem::path& episodes_file);

// The format of an environment's episodes. `env_options`: an `env:` section as YAML ("id: CartPole-v1"), or
// just the id.
core::EpisodeFormat episode_format(const std::string& env_options);

// Steps after which an episode of an environment without a time limit is cut short.
inline constexpr int64_t usual_steps = 1000;
// "CliffWalking-v1 has no time limit: episodes end after 1000 steps (--max-steps)"; empty where the
// environment's own limit is all there is.
std::string limit_words(const envs::Spec& spec, std::optional<int64_t> max_steps);

// Episode k is played by `policy` ("random" or "heuristic") from seed + k. It is cut after `longest` steps,
// where none are given after the usual ones if the environment has no time limit of its own.
Reel played(const std::string& env_options, const std::string& policy, uint64_t seed,
            std::optional<int64_t> longest = std::nullopt);

}  // namespace render

// Whoever recorded them: episodes, one after another, in the rows of an environment.
#pragma once

#include <filesystem>
#include <functional>

#include "core/episodes.h"
#include "envs/all.h"

namespace agents {

struct Recordings {
  int64_t count = 0;
  std::function<core::Episode(int64_t episode)> read;
};

// An episodes.h5 or the folder of a run that holds one, the folder of a Minari data set, or a D4RL file.
// Error for anything else, and for rows that are not the environment's.
Recordings recordings(const std::filesystem::path& path, const envs::Spec& spec);
// The environment's hand-written policy, episode k from reset(k). Error where it has none.
Recordings heuristic_play(const envs::Options& env, int64_t episodes);

}  // namespace agents

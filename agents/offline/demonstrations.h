// Recorded behaviour to learn from: steps of an Atelier's episodes file, of a Minari data set, of a D4RL
// file, or of what the environment's hand-written policy plays; all in memory or some episodes at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/options.h"
#include "envs/all.h"
#include "training/data/shard_loader.h"

namespace agents {

struct DemonstrationOptions {
  std::string file;  // empty: the hand-written policy plays
  std::optional<double> min_return;
  int64_t episodes = 0;
  double validation = 0.1;
  int64_t window = 0;

  void fields(core::Fields& own);
};

// The steps of whole episodes: observations as nets want them (inputs), and the actions that were taken
// (targets: [M] or [M, K] int64, [M, A] float32).
struct Demonstrations {
  training::Shards train;  // an episode each
  training::Dataset valid;
  int64_t episodes = 0, steps = 0;  // of both
  double mean_return = 0;           // of these episodes
};

// Those that `options` ask for; `seed` says which are for validation. Error, which begins with "bc.file" or
// the like after `section`, where there are none or they are not of this environment's spaces.
Demonstrations demonstrations(const std::string& section, const DemonstrationOptions& options,
                              const envs::Options& env, uint64_t seed);
// Batches of steps to learn from: shuffled among all, or where options.window says so, of some episodes at a
// time.
std::unique_ptr<training::Source> source_of(const Demonstrations& recorded,
                                            const DemonstrationOptions& options, int64_t batch_size,
                                            uint64_t seed);

}  // namespace agents

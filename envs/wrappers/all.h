// The table of wrappers, and the `wrappers:` list of an environment's section.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/options.h"
#include "core/table.h"
#include "envs/envs.h"

namespace envs {

// Whether environments train policies or evaluate them: then running statistics stay as they are, and rewards
// are the environment's own. Replay: as training, but what running statistics would change comes as it is,
// since a replay that is drawn from later must not mix the statistics of all its eras; see
// DeferredNormalization.
enum class EnvPurpose { training, replay, evaluation };

struct WrapperEntry {
  std::string name, sentence, source;
  bool of_observations = false, of_rewards = false;
  struct Factory {
    std::function<void(core::Fields&)> fields;
    // `name` begins the names of what it saves.
    std::function<std::unique_ptr<Envs>(std::unique_ptr<Envs> inner, const std::string& name,
                                        EnvPurpose purpose)>
        wrap;
    // What all environments made from this factory have learned; empty where there is nothing.
    std::function<void(core::Archive&, const std::string& name)> statistics;
    // What Use::replaying leaves to be done; empty where nothing is.
    std::function<void(float* observation)> transform;
    std::function<float()> reward_scale;
  };
  std::function<Factory()> factory;
};

const core::Table<WrapperEntry>& wrappers();

// One item of the list: `frame_stack` or `{name: frame_stack, n: 4}`.
struct WrapperOptions {
  std::string name;
  WrapperEntry::Factory factory;
  core::TaggedSection tagged();
};

// The environments with these wrappers around them, the first one innermost.
std::unique_ptr<Envs> wrap(std::unique_ptr<Envs> envs, const std::vector<WrapperOptions>& list,
                           EnvPurpose purpose);
// What is left to be done to what environments made for replaying give, by running statistics as they stand
// then.
struct DeferredNormalization {
  std::function<void(float* observation)> transform;  // one [O], in place; empty: nothing
  std::function<float()> reward_scale;                // factor of every reward; empty: 1
};
// Error where a wrapper stands further out than the one whose work is left, and would have read what it
// makes.
DeferredNormalization deferred_normalization(const std::vector<WrapperOptions>& list);
// Saves or restores the running statistics of the list.
void statistics(const std::vector<WrapperOptions>& list, core::Archive& archive);
bool has_statistics(const std::vector<WrapperOptions>& list);

}  // namespace envs

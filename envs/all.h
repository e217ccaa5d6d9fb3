// The table of environments: every id, what it is, how it is made.
#pragma once

#include <memory>

#include "core/options.h"
#include "core/table.h"
#include "envs/description.h"
#include "envs/envs.h"
#include "envs/fixed_levels.h"
#include "envs/transitions.h"
#include "envs/wrappers/all.h"

namespace envs {

struct Entry {
  std::string name;                     // the id
  std::string sentence;                 // what it is, one sentence
  std::string source;                   // paper or Gymnasium page
  std::vector<std::string> precisions;  // "exact", "fast" or both; the first one unless told
  // A fresh set of options with defaults: its fields, and N environments made from them.
  struct Factory {
    std::function<void(core::Fields&)> fields;  // the environment's own options; may add none
    // precision: "exact" or "fast"; max_episode_steps: of Spec unless given (0: no limit).
    std::function<std::unique_ptr<Envs>(int64_t n, const std::string& precision,
                                        std::optional<int64_t> max_steps)>
        make;
    // The whole table of outcomes; nothing where the environment, with its present options, is none.
    std::function<std::optional<Transitions>()> transitions = [] { return std::nullopt; };
  };
  std::function<Factory()> factory;
  std::function<Controller()> heuristic;  // a fresh one for each episode; empty when there is none
  EnvDescription description;
};

const core::Table<Entry>& all();
// An environment from outside the house: in the table from now on, in the place of one of its name.
void add(const Entry& entry);

// The `env:` section of an experiment and of `atelier env`: `env: ID` or `env: {id: ID, precision: fast,
// ...}`.
struct Options {
  std::string id;
  std::string precision = "exact";
  std::optional<int64_t> max_episode_steps;  // null: the environment's own limit
  LevelOptions levels;
  std::vector<WrapperOptions> wrappers;  // the first one innermost
  Entry::Factory factory;                // of the chosen id

  core::TaggedSection tagged();  // for Fields::tagged("env", ...)
  std::unique_ptr<Envs> make(int64_t n, EnvPurpose purpose = EnvPurpose::training) const;
  // The hand-written policy. Error where there is none or where wrappers or options change what it would read
  // or do.
  Controller heuristic() const;
  // The whole table of the environment as it is made; nothing where there is none, or wrappers or levels
  // change it.
  std::optional<Transitions> transitions() const;
  std::string yaml() const;  // the resolved section, as episodes.h5 keeps it
};

}  // namespace envs

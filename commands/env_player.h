// Where the actions of `atelier env` come from: uniform over the space, a controller, or a file.
#pragma once

#include <string>
#include <vector>

#include "commands/commands.h"
#include "core/formats/actions.h"
#include "core/random.h"
#include "envs/all.h"

namespace commands {

// Row-major actions of N environments, discrete or continuous.
struct ActionRow {
  std::vector<int64_t> discrete;
  std::vector<float> continuous;
  envs::Actions view() const { return {discrete.data(), continuous.data()}; }
};

class Player {
 public:
  // Error when the command's file of actions is not one.
  Player(const EnvCommand& command, const envs::Options& env, const envs::Spec& spec);

  // A controller may remember its episode: each begins with a fresh one.
  void begin(int64_t env);
  // Whether there is an action for step t, counted over all episodes.
  bool has(int64_t env, int64_t t) const;
  // Writes it into the environment's place of `row`. `obs`: the environment's observation; `mask`: which
  // actions it says change something, null where it does not say, and then random ones are of these alone.
  void act(int64_t env, int64_t t, const std::byte* obs, const uint8_t* mask, ActionRow& row);

 private:
  const core::formats::ActionSequence& of(int64_t env) const;
  bool box() const { return spec_.action.kind == envs::Space::Kind::box; }
  void put(ActionRow& row, size_t at, double value) const;
  void read(const std::string& file);

  const envs::Options& env_;
  const envs::Spec& spec_;
  int64_t seed_, envs_;
  core::Pcg64 random_;
  std::vector<envs::Controller> controllers_;
  core::formats::ActionSequences recorded_;
};

}  // namespace commands

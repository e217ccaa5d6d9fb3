// Replays one episode: its environment is made anew, seeded and fed the recorded actions, and every
// observation is compared with the recorded one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/episodes.h"
#include "envs/all.h"

namespace render {

// The environment as an episodes file names it. Error for an unknown id or option.
envs::Options env_options(const core::EpisodeFormat& format);
// One of it, to be watched.
std::unique_ptr<envs::Envs> make_env(const core::EpisodeFormat& format);

// Where a replay left the recording.
struct Difference {
  int64_t t = 0;        // of the observation, 0 .. length
  int64_t element = 0;  // in the observation
  double recorded = 0, replayed = 0;
  std::string str() const;  // one line
};

class Player {
 public:
  // Error when the episode's rows do not fit the environment's spaces.
  Player(const core::EpisodeFormat& format, core::Episode episode);
  // An episode that has just begun, to be played by extend().
  Player(const core::EpisodeFormat& format, uint64_t seed);

  const core::EpisodeFormat& format() const { return format_; }
  const core::EpisodeHeader& header() const { return episode_.header; }
  const core::Episode& episode() const { return episode_; }
  int64_t length() const { return episode_.header.length; }
  int64_t t() const { return t_; }  // steps done, 0 .. length
  double fps() const { return env_->spec().fps; }
  // To step t, clamped to 0 .. length; backwards too.
  void seek(int64_t t);
  void draw(core::Canvas& canvas) const { env_->draw(0, canvas); }
  const envs::Spec& spec() const { return env_->spec(); }

  // Plays on: a discrete action is taken at the episode's end and recorded. Error for an action outside the
  // space; nothing happens once the episode has ended.
  void extend(int64_t action);
  bool ended() const { return episode_.header.terminated || episode_.header.truncated; }

  double reward() const;               // of the last step; 0 at t = 0
  double reward_so_far() const;        // the recorded rewards' sum up to t
  std::string action() const;          // the one that step t takes, at the end the last one; "" before any
  int64_t action_at(int64_t t) const;  // the discrete one that step t takes; -1 for others and at the end
  // The first one met so far, at or before the furthest step replayed. Observations that running statistics
  // have scaled are not compared: the statistics of that time are not recorded.
  const std::optional<Difference>& difference() const { return difference_; }

 private:
  void start();
  void restart();
  void step();
  void compare();
  void keep_state();

  core::EpisodeFormat format_;
  core::Episode episode_;
  std::unique_ptr<envs::Envs> env_;
  bool comparable_ = true;
  std::vector<std::byte> obs_;  // [O], what the replay sees
  int64_t t_ = 0;
  std::vector<double> sums_;                                             // [length + 1] rewards before step t
  std::map<int64_t, std::map<std::string, std::vector<uint8_t>>> kept_;  // states by step, to go back from
  std::optional<Difference> difference_;
};

}  // namespace render

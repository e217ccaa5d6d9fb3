// A person plays: keys become actions, and what is played can be looked at like any episode.
#pragma once

#include <set>

#include "core/canvas.h"
#include "render/player.h"
#include "render/viewer/actions.h"
#include "render/viewer/page.h"

namespace render {

class Human {
 public:
  // Error unless the environment has one discrete action. Episode k is of seed + k.
  Human(const core::EpisodeFormat& format, uint64_t seed);

  int64_t t() const { return player_->t(); }
  int64_t length() const { return player_->length(); }
  double rate() const { return player_->fps(); }
  void seek(int64_t t) { player_->seek(t); }
  bool turn(int by);  // a fresh episode, or the one before anew
  bool refresh() { return false; }
  int64_t training_step() const { return 0; }
  int64_t env_steps() const { return 0; }
  const Player& player() const { return *player_; }

  // Takes the key when it means an action. Where time does not wait (15 steps a second or more) a held key
  // acts at every step from the first key on; elsewhere each press is one step.
  bool press(Key key);
  void release(Key key);
  void play(int64_t steps);  // as many as are due

  void draw(core::Canvas& canvas, core::Rect area, double word) const;
  Caption caption() const;

 private:
  void begin();
  bool in_real_time() const { return rate() >= 15; }

  core::EpisodeFormat format_;
  uint64_t seed_;
  Hands hands_;
  std::unique_ptr<Player> player_;
  std::vector<Key> held_;  // the latest last
  bool started_ = false;
};

}  // namespace render

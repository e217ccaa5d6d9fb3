// The viewer's state and what the keys do to it; a window shows it, a test presses keys without one.
#pragma once

#include <memory>
#include <string>

#include "render/player.h"
#include "render/reel.h"

namespace render {

enum class Key { none, pause, back, forth, faster, slower, first, last, next, previous, restart, help, quit };

class Viewer {
 public:
  Viewer(Reel reel, int64_t episode, double speed = 1);

  void press(Key key);
  void advance(double seconds);  // plays on; after the end it waits a second and goes to the next episode
  void draw(core::Canvas& canvas, double width, double height) const;

  bool done() const { return done_; }
  bool paused() const { return paused_; }
  double speed() const { return speed_; }  // 0.125 .. 64 times the environment's own
  int64_t episode() const { return episode_; }
  const Player& player() const { return *player_; }

 private:
  void open(int64_t episode);
  void step(int64_t by);

  Reel reel_;
  int64_t episode_ = 0;
  std::unique_ptr<Player> player_;
  double speed_ = 1, due_ = 0;  // due_: steps owed, below one
  double ended_ = 0;            // seconds since the end was reached
  bool paused_ = false, help_ = false, done_ = false;
};

}  // namespace render

// Episodes at play on one clock: one of them, several tiled, or those of two runs side by side.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/canvas.h"
#include "render/player.h"
#include "render/reel.h"
#include "render/viewer/page.h"

namespace render {

struct Tiles {
  int columns = 1, rows = 1;
  int count() const { return columns * rows; }
};
// "4x3". Error for anything else; at most 100 tiles.
Tiles tiles_of(const std::string& words);

class Stage {
 public:
  // One reel, or two that take turns tile by tile. The first tile shows episode `first` of the first reel.
  Stage(std::vector<Reel> reels, int64_t first, Tiles tiles);

  int64_t t() const { return t_; }
  int64_t length() const;  // of the longest episode, steps
  double rate() const { return players_[0]->fps(); }
  void seek(int64_t t);
  bool turn(int by);       // to the next episodes, or the ones before; false where there are none
  void tile(Tiles tiles);  // from now on
  const Tiles& tiles() const { return tiles_; }
  // Looks for new episodes. Of a run that learns the newest are taken once the present ones have ended.
  bool refresh();

  int64_t episode() const { return first_; }
  const Player& player() const { return *players_[0]; }
  bool alone() const { return players_.size() == 1; }
  int64_t training_step() const { return player().header().step; }
  int64_t env_steps() const { return player().header().env_steps; }  // of the run, when it was recorded

  void draw(core::Canvas& canvas, core::Rect area, double word) const;
  Caption caption() const;

 private:
  using Players = std::vector<std::unique_ptr<Player>>;
  void open(int64_t first);
  void fill(Players& players, int64_t first) const;  // the tiles that have none, while there are episodes
  std::string returns() const;
  int64_t apart() const;  // episodes from one turn to the next

  std::vector<Reel> reels_;
  Tiles tiles_;
  int64_t first_ = 0, t_ = 0;
  Players players_;  // by tile; fewer than tiles at the end of a file
};

// What the strip says of one episode.
Caption caption_of(const Player& player);

}  // namespace render

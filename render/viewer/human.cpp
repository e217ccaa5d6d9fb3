#include "render/viewer/human.h"

#include <algorithm>

#include "render/view.h"
#include "render/viewer/stage.h"

namespace render {

Human::Human(const core::EpisodeFormat& format, uint64_t seed)
    : format_(format), seed_(seed), hands_(make_env(format)->spec()) {
  begin();
}

void Human::begin() {
  player_ = std::make_unique<Player>(format_, seed_);
  started_ = false;
  held_.clear();
}

bool Human::turn(int by) {
  if (by >= 0 || seed_ > 0) seed_ += static_cast<uint64_t>(static_cast<int64_t>(by));
  begin();
  return true;
}

bool Human::press(Key key) {
  const auto action = hands_.action(key);
  if (!action) return false;
  started_ = true;
  if (!in_real_time()) {
    player_->extend(*action);
  } else if (std::find(held_.begin(), held_.end(), key) == held_.end()) {
    held_.push_back(key);
  }
  return true;
}

void Human::release(Key key) { held_.erase(std::remove(held_.begin(), held_.end(), key), held_.end()); }

void Human::play(int64_t steps) {
  if (!started_ || !in_real_time()) return;
  for (int64_t k = 0; k < steps; ++k)
    player_->extend(held_.empty() ? hands_.idle() : *hands_.action(held_.back()));
}

void Human::draw(core::Canvas& canvas, core::Rect area, double) const {
  Inset scene(canvas, area);
  player_->draw(scene);
}

Caption Human::caption() const {
  Caption caption = caption_of(*player_);
  caption.title = format_.env_id + "  \u00b7  you play  \u00b7  seed " + std::to_string(seed_);
  caption.note = hands_.sentence();
  if (!player_->ended()) {
    caption.progress = "step " + std::to_string(t());
    caption.over = false;
  }
  if (!started_) caption.progress = "press a key to begin";
  if (player_->ended() && t() == length()) caption.note = "N another episode   R the same again";
  return caption;
}

}  // namespace render

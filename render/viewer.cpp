// Keys and time.
#include "render/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "render/page.h"

namespace render {

static constexpr double pause_at_end = 1.0;  // seconds
static constexpr double slowest = 0.125, fastest = 64;

Viewer::Viewer(Reel reel, int64_t episode, double speed)
    : reel_(std::move(reel)), speed_(std::clamp(speed, slowest, fastest)) {
  core::check(episode >= 0 && episode < reel_.count, "there are {} episodes, 0 .. {}; there is no episode {}",
              reel_.count, reel_.count - 1, episode);
  open(episode);
}

void Viewer::open(int64_t episode) {
  if (episode < 0 || episode >= reel_.count) return;
  player_ = std::make_unique<Player>(reel_.format, reel_.episode(episode));
  episode_ = episode;
  due_ = ended_ = 0;
}

void Viewer::step(int64_t by) {
  paused_ = true, ended_ = 0;
  player_->seek(player_->t() + by);
}

void Viewer::press(Key key) {
  switch (key) {
    case Key::none:
      return;
    case Key::pause:
      paused_ = !paused_;
      return;
    case Key::back:
      return step(-1);
    case Key::forth:
      return step(1);
    case Key::faster:
      speed_ = std::min(fastest, 2 * speed_);
      return;
    case Key::slower:
      speed_ = std::max(slowest, speed_ / 2);
      return;
    case Key::first:
      return step(-player_->length());
    case Key::last:
      return step(player_->length());
    case Key::next:
      return open(episode_ + 1);
    case Key::previous:
      return open(episode_ - 1);
    case Key::restart:
      player_->seek(0), due_ = ended_ = 0;
      return;
    case Key::help:
      help_ = !help_;
      return;
    case Key::quit:
      done_ = true;
      return;
  }
}

void Viewer::advance(double seconds) {
  if (paused_) return;
  if (player_->t() == player_->length()) {
    ended_ += seconds;
    if (ended_ >= pause_at_end && episode_ + 1 < reel_.count) open(episode_ + 1);
    return;
  }
  due_ += seconds * speed_ * player_->fps();
  const double whole = std::floor(due_);
  due_ -= whole;
  player_->seek(player_->t() + static_cast<int64_t>(whole));
}

void Viewer::draw(core::Canvas& canvas, double width, double height) const {
  std::string state = speed_ == 1 ? "" : fmt::format("{:g}\u00d7", speed_);
  if (paused_) state += state.empty() ? "paused" : "  paused";
  draw_page(canvas, width, height, *player_, state);
  if (help_) draw_help(canvas, width, height);
}

}  // namespace render

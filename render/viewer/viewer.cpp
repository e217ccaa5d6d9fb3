// Keys, pointer and time.
#include "render/viewer/viewer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"

namespace render {

static constexpr double pause_at_end = 1.0, between_looks = 1.0;  // seconds
static constexpr std::array speeds{0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0};

static int nearest_speed(double wanted) {
  int best = 0;
  for (size_t k = 0; k < speeds.size(); ++k)
    if (std::abs(std::log(speeds[k] / wanted)) <
        std::abs(std::log(speeds[static_cast<size_t>(best)] / wanted)))
      best = static_cast<int>(k);
  return best;
}

Viewer::Viewer(std::function<Show()> open, std::optional<Curves> curves, ViewerOptions options)
    : open_(std::move(open)),
      show_(open_()),
      curves_(std::move(curves)),
      options_(options),
      speed_(nearest_speed(options.speed)) {}

double Viewer::speed() const { return speeds[static_cast<size_t>(speed_)]; }
int64_t Viewer::t() const {
  return ask(show_, int64_t{0}, [](const auto& s) { return s.t(); });
}
int64_t Viewer::length() const {
  return ask(show_, int64_t{0}, [](const auto& s) { return s.length(); });
}
double Viewer::rate() const {
  return ask(show_, 1.0, [](const auto& s) { return s.rate(); });
}

bool Viewer::changed() { return std::exchange(changed_, false); }

void Viewer::seek(int64_t t) {
  tell(show_, [&](auto& s) {
    s.seek(t);
    return true;
  });
  changed_ = true;
}

void Viewer::jump(int64_t t) {
  due_ = ended_ = 0;
  seek(t);
}

void Viewer::step(int64_t by) {
  paused_ = true;
  jump(t() + by);
}

template <class F>
void Viewer::dare(F&& look) {
  const std::string before = std::exchange(trouble_, "");
  try {
    look();
  } catch (const core::Error& error) {
    trouble_ = error.what();
  }
  changed_ |= trouble_ != before;
}

void Viewer::turn(int by) {
  due_ = ended_ = 0;
  dare([&] { changed_ |= tell(show_, [&](auto& s) { return s.turn(by); }); });
}

void Viewer::begin_again() { std::holds_alternative<Human>(show_) ? turn(0) : jump(0); }

void Viewer::turn_curve() {
  if (!curves_) return;
  options_.curves = true;
  curves_->turn(1);
}

// 1, 4, 9, 16 and back.
void Viewer::change_tiles() {
  if (auto* stage = std::get_if<Stage>(&show_)) {
    const int side = stage->tiles().columns % 4 + 1;
    dare([&] { stage->tile({side, side}); });
  }
}

void Viewer::press(Key key) {
  static constexpr std::pair<Key, void (*)(Viewer&)> meanings[] = {
      {Key::space, [](Viewer& v) { v.paused_ = !v.paused_; }},
      {Key::left, [](Viewer& v) { v.step(-1); }},
      {Key::right, [](Viewer& v) { v.step(1); }},
      {Key::up, [](Viewer& v) { v.speed_ = std::min<int>(v.speed_ + 1, speeds.size() - 1); }},
      {Key::down, [](Viewer& v) { v.speed_ = std::max(v.speed_ - 1, 0); }},
      {Key::home, [](Viewer& v) { v.step(-v.length()); }},
      {Key::end, [](Viewer& v) { v.step(v.length()); }},
      {Key::n, [](Viewer& v) { v.turn(1); }},
      {Key::p, [](Viewer& v) { v.turn(-1); }},
      {Key::r, [](Viewer& v) { v.begin_again(); }},
      {Key::o, [](Viewer& v) { v.options_.overlays = !v.options_.overlays; }},
      {Key::c, [](Viewer& v) { v.options_.curves = !v.options_.curves; }},
      {Key::m, [](Viewer& v) { v.turn_curve(); }},
      {Key::t, [](Viewer& v) { v.change_tiles(); }},
      {Key::h, [](Viewer& v) { v.help_ = !v.help_; }},
      {Key::q, [](Viewer& v) { v.done_ = true; }}};
  changed_ = true;
  if (auto* human = std::get_if<Human>(&show_); human && human->press(key)) {
    paused_ = false;
    return;
  }
  for (const auto& [known, act] : meanings)
    if (key == known) act(*this);
}

void Viewer::release(Key key) {
  if (auto* human = std::get_if<Human>(&show_)) human->release(key);
}

void Viewer::point(double x, double y, double width, double height) {
  const Sheet page = sheet(width, height);
  const core::Rect bar = page.bar();
  const double from_below = height - y;
  if (from_below < bar.y - page.word || from_below > bar.y + bar.height + page.word) return;
  paused_ = true;
  jump(std::llround(std::clamp(x / width, 0.0, 1.0) * static_cast<double>(length())));
}

void Viewer::refresh() {
  looked_ = 0;
  if (curves_ && curves_->refresh()) changed_ = true;
  dare([&] {
    if (std::holds_alternative<Waiting>(show_)) {
      Show next = open_();
      changed_ |= !std::holds_alternative<Waiting>(next);
      show_ = std::move(next);
    } else {
      changed_ |= tell(show_, [](auto& s) { return s.refresh(); });
    }
  });
}

// Whole steps that are due by now.
int64_t Viewer::due(double seconds) {
  due_ += seconds * speed() * rate();
  const double whole = std::floor(due_);
  due_ -= whole;
  return static_cast<int64_t>(whole);
}

void Viewer::advance(double seconds) {
  looked_ += seconds;
  if (looked_ >= between_looks) refresh();
  if (paused_) return;
  if (auto* human = std::get_if<Human>(&show_)) {
    const int64_t steps = due(seconds);
    human->play(steps);
    changed_ |= steps > 0;
  } else if (t() < length()) {
    if (const int64_t steps = due(seconds); steps > 0) seek(t() + steps);
  } else if ((ended_ += seconds) >= pause_at_end && std::holds_alternative<Stage>(show_)) {
    turn(1);
  }
}

}  // namespace render

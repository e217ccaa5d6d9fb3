// The viewer's pages: the show, the panel beside it, the words beneath, the keys.
#include <fmt/format.h>

#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/viewer/overlays.h"
#include "render/viewer/viewer.h"

namespace render {

const Player* Viewer::single() const {
  if (const auto* human = std::get_if<Human>(&show_)) return &human->player();
  const auto* stage = std::get_if<Stage>(&show_);
  return stage && stage->alone() ? &stage->player() : nullptr;
}

static Caption caption_of(const Album& album) {
  const auto at = static_cast<double>(album.t()), last = static_cast<double>(album.length());
  return {.title = album.title(),
          .progress = fmt::format("picture {} / {}", album.t() + 1, album.length() + 1),
          .note = fmt::format("step {}", album.training_step()),
          .share = last > 0 ? at / last : 1,
          .over = album.t() == album.length()};
}
static Caption caption_of(const Stage& stage) { return stage.caption(); }
static Caption caption_of(const Human& human) { return human.caption(); }

Caption Viewer::caption() const {
  if (const auto* waiting = std::get_if<Waiting>(&show_)) return {.title = waiting->words};
  Caption caption = ask(show_, Caption{}, [](const auto& s) { return caption_of(s); });
  if (!trouble_.empty()) caption.warning = trouble_;
  std::string state = speed() == 1 ? "" : fmt::format("{:g}\u00d7", speed());
  if (paused_) state += state.empty() ? "paused" : "  paused";
  if (!state.empty()) caption.progress = state + "  \u00b7  " + caption.progress;
  return caption;
}

void Viewer::draw_panel(core::Canvas& canvas, const Sheet& page) const {
  core::Rect area = page.panel();
  if (options_.curves && curves_) {
    core::Rect lower = area;
    if (single() && options_.overlays) lower.height = std::round(0.36 * area.height);
    area.y += lower.height;
    area.height -= lower.height;
    const int64_t step = ask(show_, int64_t{0}, [this](const auto& s) {
      return curves_->over_env_steps() ? s.env_steps() : s.training_step();
    });
    curves_->draw(canvas, lower, page.word, step > 0 ? std::optional(step) : std::nullopt);
  }
  if (single() && options_.overlays) draw_overlays(canvas, area, page.word, *single());
}

static const KeyRows& keys_of(const Show& show) {
  static const KeyRows common{{"C  M", "curve of a metric, the next metric"},
                              {"S", "screenshot, here"},
                              {"H", "this help"},
                              {"Q  Esc", "quit"}};
  static const KeyRows playing{{"Space", "pause and go on"},
                               {"\u2190  \u2192  bar", "one step back, one forth; any step"},
                               {"\u2191  \u2193", "faster, slower"},
                               {"Home  End", "first step, last step"}};
  const auto joined = [](KeyRows a, const KeyRows& b, const KeyRows& c) {
    a.insert(a.end(), b.begin(), b.end());
    a.insert(a.end(), c.begin(), c.end());
    return a;
  };
  static const KeyRows stage = joined(playing,
                                      {{"N  P", "next episode, previous one"},
                                       {"R", "from the beginning"},
                                       {"T", "1, 4, 9, 16 episodes"},
                                       {"O", "thoughts, rewards, observations"}},
                                      common);
  static const KeyRows album = joined(playing, {{"N  P", "next kind of picture, previous one"}}, common);
  static const KeyRows human = joined({{"arrows  digits", "act, as the lower line says"},
                                       {"Space", "pause and go on"},
                                       {"N  R", "another episode, the same again"},
                                       {"O", "rewards and observations"}},
                                      {}, common);
  if (std::holds_alternative<Human>(show)) return human;
  return std::holds_alternative<Album>(show) ? album : stage;
}

void Viewer::draw(core::Canvas& canvas, double width, double height) const {
  const Sheet page = sheet(width, height);
  canvas.view({0, 0, width, height}, palette::paper);
  const bool panel = page.has_panel() && ((single() && options_.overlays) || (options_.curves && curves_));
  const core::Rect content = page.content(panel);
  if (const auto* waiting = std::get_if<Waiting>(&show_))
    canvas.text({content.x + content.width / 2, content.y + content.height / 2},
                shorten(waiting->words, page.word, content.width), page.word, palette::quiet,
                core::Align::center);
  ask(show_, 0, [&](const auto& s) {
    s.draw(canvas, content, page.word);
    return 0;
  });
  if (panel) draw_panel(canvas, page);
  const Caption words = caption();
  draw_strip(canvas, page, words);
  if (!words.warning.empty()) draw_warning(canvas, content, page.word, words.warning);
  if (help_) draw_help(canvas, page, keys_of(show_));
}

}  // namespace render

// Layout in pixels, y up; every word is cut to the room that it has.
#include "render/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"

namespace render {

using core::Align, core::Canvas, core::Rect;

namespace {

// Sizes that follow from the page's height.
struct Metric {
  double width, height, word;  // word: capitals' height
  double strip() const { return std::round(4.6 * word); }
  double pad() const { return std::round(1.2 * word); }
};

Metric measure(double width, double height) {
  return {width, height, std::round(std::clamp(std::min(width / 64, height / 48), 7.0, 18.0))};
}

std::string number(double value) {
  return value == std::round(value) && std::abs(value) < 1e9 ? fmt::format("{:.0f}", value)
                                                             : fmt::format("{:.2f}", value);
}

struct Words {
  std::string line;
  core::Color color;
};

// Two texts on one line: the right one whole, the left one in what is left.
void draw_line(Canvas& canvas, const Metric& m, double y, const std::string& left, const Words& right) {
  const double room = m.width - 2 * m.pad() - text_width(right.line, m.word) - 2 * m.word;
  canvas.text({m.pad(), y}, shorten(left, m.word, room), m.word, palette::ink, Align::left);
  canvas.text({m.width - m.pad(), y}, right.line, m.word, right.color, Align::right);
}

std::string title(const Player& player) {
  const core::EpisodeHeader& h = player.header();
  return fmt::format("{}  \u00b7  {}  \u00b7  episode {}  \u00b7  seed {}", player.format().env_id, h.policy,
                     h.episode, h.seed);
}

Words progress(const Player& player, const std::string& state) {
  const core::EpisodeHeader& h = player.header();
  const bool over = player.t() == player.length();
  std::string line = fmt::format("step {} / {}", player.t(), player.length());
  if (over)
    line = fmt::format("{}  \u00b7  {}",
                       h.terminated  ? "terminated"
                       : h.truncated ? "truncated"
                                     : "cut short",
                       line);
  if (!state.empty()) line = state + "  \u00b7  " + line;
  return {line, over ? palette::series[0] : palette::quiet};
}

std::string rewards(const Player& player) {
  return fmt::format("reward so far {}  \u00b7  return {}", number(player.reward_so_far()),
                     number(player.header().episode_return));
}

std::string action(const Player& player) { return player.t() == 0 ? "reset" : "action " + player.action(); }

void draw_strip(Canvas& canvas, const Metric& m, const Player& player, const std::string& state) {
  rectangle(canvas, {0, 0, m.width, m.strip()}, core::filled(palette::panel));
  const double share =
      player.length() ? 1.0 * static_cast<double>(player.t()) / static_cast<double>(player.length()) : 0;
  const double bar = std::max(2.0, std::round(m.word / 4));
  rectangle(canvas, {0, m.strip() - bar, m.width, bar}, core::filled(palette::rule));
  rectangle(canvas, {0, m.strip() - bar, m.width * share, bar}, core::filled(palette::series[0]));
  draw_line(canvas, m, 2.6 * m.word, title(player), progress(player, state));
  draw_line(canvas, m, 0.8 * m.word, rewards(player), {action(player), palette::quiet});
}

// A sentence on a coloured pill at the top.
void draw_pill(Canvas& canvas, const Metric& m, const std::string& words, core::Color color) {
  const std::string line = shorten(words, m.word, m.width - 6 * m.word);
  const double width = text_width(line, m.word) + 2.4 * m.word, height = 2.4 * m.word, radius = height / 2;
  const double low = m.height - m.pad() - height, left = (m.width - width) / 2;
  rectangle(canvas, {left + radius, low, width - height, height}, core::filled(color));
  for (const double x : {left + radius, left + width - radius})
    canvas.circle({x, low + radius}, radius, core::filled(color));
  canvas.text({m.width / 2, low + 0.7 * m.word}, line, m.word, words_on(color), Align::center);
}

constexpr std::array<std::array<const char*, 2>, 9> keys{{{"Space", "pause and go on"},
                                                          {"\u2190  \u2192", "one step back, one forth"},
                                                          {"\u2191  \u2193", "twice as fast, half as fast"},
                                                          {"Home  End", "first step, last step"},
                                                          {"N  P", "next episode, previous one"},
                                                          {"R", "from the beginning"},
                                                          {"S", "screenshot, here"},
                                                          {"H", "this help"},
                                                          {"Q  Esc", "quit"}}};

}  // namespace

void draw_page(Canvas& canvas, double width, double height, const Player& player) {
  draw_page(canvas, width, height, player, "");
}

void draw_page(Canvas& canvas, double width, double height, const Player& player, const std::string& state) {
  const Metric m = measure(width, height);
  canvas.view({0, 0, width, height}, palette::paper);
  {
    Inset scene(canvas, {0, m.strip(), width, height - m.strip()});
    player.draw(scene);
  }
  draw_strip(canvas, m, player, state);
  if (player.difference() && player.difference()->t <= player.t())
    draw_pill(canvas, m, player.difference()->str(), palette::warning);
}

void draw_help(Canvas& canvas, double width, double height) {
  const Metric m = measure(width, height);
  const double line = 2.2 * m.word, wide = 34 * m.word;
  const double high = line * (static_cast<double>(keys.size()) + 2.2);
  const Rect panel{(width - wide) / 2, (height - high) / 2, wide, high};
  rectangle(canvas, {0, 0, width, height}, core::filled({255, 255, 255, 150}));
  rectangle(canvas, panel, {.fill = palette::paper, .line = palette::rule, .width = 1.5});
  double y = panel.y + high - 1.6 * line;
  canvas.text({panel.x + line, y}, "Keys", 1.25 * m.word, palette::ink, Align::left);
  for (const auto& [key, meaning] : keys) {
    y -= line;
    canvas.text({panel.x + line, y}, key, m.word, palette::series[0], Align::left);
    canvas.text({panel.x + 11 * m.word, y}, meaning, m.word, palette::ink, Align::left);
  }
}

}  // namespace render

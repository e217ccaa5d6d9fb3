// Layout in pixels, y up; every word is cut to the room that it has.
#include "render/viewer/page.h"

#include <algorithm>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"

namespace render {

using core::Align, core::Canvas, core::Rect;

double Sheet::strip() const { return std::round(4.6 * word); }
double Sheet::pad() const { return std::round(1.2 * word); }
bool Sheet::has_panel() const { return width >= 40 * word && height >= 24 * word; }

static double panel_width(const Sheet& sheet) {
  return sheet.has_panel() ? std::round(std::clamp(sheet.width / 3, 20 * sheet.word, 34 * sheet.word)) : 0;
}

Rect Sheet::content(bool with_panel) const {
  return {0, strip(), width - (with_panel ? panel_width(*this) : 0), height - strip()};
}

Rect Sheet::panel() const {
  const double wide = panel_width(*this);
  return {width - wide, strip(), wide, height - strip()};
}

Rect Sheet::bar() const {
  const double high = std::max(2.0, std::round(word / 4));
  return {0, strip() - high, width, high};
}

Sheet sheet(double width, double height) {
  return {width, height, std::round(std::clamp(std::min(width / 64, height / 48), 7.0, 18.0))};
}

void draw_fitting(Canvas& canvas, core::Vec at, const std::string& words, double word, double width,
                  core::Color color) {
  const double wide = text_width(words, word);
  const double size = wide > width ? std::max(0.75, width / wide) * word : word;
  canvas.text(at, shorten(words, size, width), size, color, Align::left);
}

Pieces fitting_pieces(const std::string& words, double word, double width) {
  const std::string between = between_pieces;
  size_t end = words.size();
  while (text_width(words.substr(0, end), word) > width) {
    const size_t before = words.rfind(between, end - 1);
    if (before == std::string::npos || before == 0) break;
    end = before;
  }
  return {words.substr(0, end), end == words.size() ? "" : words.substr(end + between.size())};
}

// Two texts on one line: the right one whole, of the left one the pieces that fit beside it. Returns the
// others.
static std::string draw_line(Canvas& canvas, const Sheet& s, double y, const std::string& left,
                             const std::string& right, core::Color color) {
  const std::string end = shorten(right, s.word, s.width - 2 * s.pad());
  canvas.text({s.width - s.pad(), y}, end, s.word, color, Align::right);
  const double room = s.width - 2 * s.pad() - text_width(end, s.word) - 2 * s.word;
  if (room <= 0) return left;
  const Pieces pieces = fitting_pieces(left, s.word, room);
  draw_fitting(canvas, {s.pad(), y}, pieces.here, s.word, room, palette::ink);
  return pieces.rest;
}

void draw_strip(Canvas& canvas, const Sheet& s, const Caption& caption) {
  rectangle(canvas, {0, 0, s.width, s.strip()}, core::filled(palette::panel));
  Rect bar = s.bar();
  rectangle(canvas, bar, core::filled(palette::rule));
  bar.width *= std::clamp(caption.share, 0.0, 1.0);
  rectangle(canvas, bar, core::filled(palette::series[0]));
  const std::string rest = draw_line(canvas, s, 2.6 * s.word, caption.title, caption.progress,
                                     caption.over ? palette::series[0] : palette::quiet);
  const bool both = !caption.detail.empty() && !rest.empty();
  draw_line(canvas, s, 0.8 * s.word, caption.detail + (both ? between_pieces : "") + rest, caption.note,
            palette::quiet);
}

void draw_warning(Canvas& canvas, Rect area, double word, const std::string& words) {
  const std::string line = shorten(words, word, area.width - 6 * word);
  const double width = text_width(line, word) + 2.4 * word, height = 2.4 * word, radius = height / 2;
  const double low = area.y + area.height - 1.2 * word - height, left = area.x + (area.width - width) / 2;
  const core::Color color = palette::warning;
  rectangle(canvas, {left + radius, low, width - height, height}, core::filled(color));
  for (const double x : {left + radius, left + width - radius})
    canvas.circle({x, low + radius}, radius, core::filled(color));
  canvas.text({area.x + area.width / 2, low + 0.7 * word}, line, word, words_on(color), Align::center);
}

void draw_help(Canvas& canvas, const Sheet& s, const KeyRows& keys) {
  const double line = 2.2 * s.word, wide = std::min(44 * s.word, s.width);
  const double high = line * (static_cast<double>(keys.size()) + 2.2);
  const Rect panel{(s.width - wide) / 2, (s.height - high) / 2, wide, high};
  rectangle(canvas, {0, 0, s.width, s.height}, core::filled({255, 255, 255, 150}));
  rectangle(canvas, panel, {.fill = palette::paper, .line = palette::rule, .width = 1.5});
  double y = panel.y + high - 1.6 * line;
  canvas.text({panel.x + line, y}, "Keys", 1.25 * s.word, palette::ink, Align::left);
  for (const auto& [key, meaning] : keys) {
    y -= line;
    canvas.text({panel.x + line, y}, key, s.word, palette::series[0], Align::left);
    canvas.text({panel.x + 14 * s.word, y}, shorten(meaning, s.word, wide - 15 * s.word), s.word,
                palette::ink, Align::left);
  }
}

}  // namespace render

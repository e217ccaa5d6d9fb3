// The album's layout in pixels, y up: a row of tabs, the pictures, a sentence.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/album.h"
#include "render/viewer/page.h"
#include "render/viewer/scaled.h"

namespace render {

using core::Align, core::Canvas, core::Image, core::Rect;

namespace {

struct Size {
  double width = 0, height = 0;
};

// As large as it fits, in whole pixels.
Size fitted(const Image& image, Rect room) {
  const double scale = std::min(room.width / image.width, room.height / image.height);
  return {std::max(1.0, std::floor(scale * image.width)), std::max(1.0, std::floor(scale * image.height))};
}

void draw_image(Canvas& canvas, const Image& image, Rect where) {
  canvas.image(where, image.pixels, image.width, image.height, image.channels);
}

// In the middle of `room`; the pixels are kept for the next time.
void draw_fitted(Canvas& canvas, const Image& image, Rect room, Image& kept) {
  const Size size = fitted(image, room);
  const Rect where{std::round(room.x + (room.width - size.width) / 2),
                   std::round(room.y + (room.height - size.height) / 2), size.width, size.height};
  const auto width = static_cast<int>(size.width), height = static_cast<int>(size.height);
  if (kept.width != width || kept.height != height) kept = scaled(image, width, height);
  draw_image(canvas, kept, where);
}

struct Tab {
  std::string name;
  const Image* thumbnail = nullptr;
  Size shown{};  // of the thumbnail
  double width = 0;
};

const Image* thumbnail_of(const std::vector<Volume>& volumes, const std::string& kind) {
  for (const Volume& volume : volumes)
    if (const Volume::Kind* found = volume.find(kind)) return &found->thumbnail;
  return nullptr;
}

std::vector<Tab> tabs_of(const std::vector<Volume>& volumes, const std::vector<std::string>& kinds,
                         double word, double height) {
  std::vector<Tab> tabs;
  for (const std::string& kind : kinds) {
    Tab tab{.name = kind, .thumbnail = thumbnail_of(volumes, kind)};
    if (height > 0) tab.shown = fitted(*tab.thumbnail, {0, 0, 2.4 * height, height});
    tab.width = std::max(text_width(kind, word), tab.shown.width) + 2 * word;
    tabs.push_back(std::move(tab));
  }
  return tabs;
}

double width_of(const std::vector<Tab>& tabs) {
  double width = 0;
  for (const Tab& tab : tabs) width += tab.width;
  return width;
}

// Where the names do not fit all of them, those around the present one are left, each with an equal share,
// and an angle at the end where there are more.
std::vector<Tab> around(std::vector<Tab> tabs, size_t present, double word, double room) {
  const double angle = 1.6 * word;
  const auto most = static_cast<size_t>(std::max(1.0, std::floor((room - 2 * angle) / (7 * word))));
  const size_t count = std::min(most, tabs.size());
  const size_t first = std::min(tabs.size() - count, present - std::min(present, count / 2));
  const size_t after = tabs.size() - count - first;
  tabs.erase(tabs.begin(), tabs.begin() + static_cast<ptrdiff_t>(first));
  tabs.resize(count);
  for (Tab& tab : tabs) tab.width = (room - 2 * angle) / static_cast<double>(count);
  tabs.insert(tabs.begin(), {.name = first > 0 ? "\u2039" : "", .width = angle});
  tabs.push_back({.name = after > 0 ? "\u203a" : "", .width = angle});
  return tabs;
}

}  // namespace

static void draw_tab(Canvas& canvas, const Tab& tab, double middle, double y, double word, bool present) {
  if (tab.shown.width > 0) {
    const auto width = static_cast<int>(tab.shown.width), height = static_cast<int>(tab.shown.height);
    const Rect where{std::round(middle - tab.shown.width / 2), y + std::round(2.6 * word), tab.shown.width,
                     tab.shown.height};
    draw_image(canvas, scaled(*tab.thumbnail, width, height), where);
    rectangle(canvas, {where.x - 1, where.y - 1, where.width + 2, where.height + 2},
              core::outlined(present ? palette::series[0] : palette::rule, present ? 2 : 1));
  }
  const std::string name = shorten(tab.name, word, tab.width - 0.8 * word);
  canvas.text({middle, y + 0.9 * word}, name, word, present ? palette::ink : palette::quiet, Align::center);
  const double wide = std::round(text_width(name, word) + 0.6 * word);
  if (present)
    rectangle(canvas, {std::round(middle - wide / 2), y, wide, std::max(2.0, std::round(word / 4))},
              core::filled(palette::series[0]));
}

// Names, and thumbnails above them when `thumbnail`, their height, is not 0.
void Album::draw_tabs(Canvas& canvas, Rect room, double word, double thumbnail) const {
  std::vector<Tab> tabs = tabs_of(volumes_, kinds_, word, thumbnail);
  if (width_of(tabs) > room.width) tabs = around(tabs_of(volumes_, kinds_, word, 0), kind_, word, room.width);
  double x = room.x + std::max(0.0, (room.width - width_of(tabs)) / 2);
  for (const Tab& tab : tabs) {
    draw_tab(canvas, tab, x + tab.width / 2, room.y, word, tab.name == kind());
    x += tab.width;
  }
}

// One run's picture, or why there is none.
void Album::draw_volume(Canvas& canvas, Rect room, double word, size_t k) const {
  if (room.width < 1 || room.height < 1) return;
  const Volume& volume = volumes_[k];
  if (const Image* image = volume.image(kind())) return draw_fitted(canvas, *image, room, scaled_[k]);
  const Volume::Kind* found = volume.find(kind());
  const std::string why = !found ? fmt::format("no {} in this run", kind())
                          : found->film.steps.front() > training_step()
                              ? fmt::format("nothing before step {}", found->film.steps.front())
                              : "cannot be read at the moment";
  canvas.text({room.x + room.width / 2, room.y + (room.height - word) / 2},
              shorten(why, word, room.width - 2 * word), word, palette::quiet, Align::center);
}

// A run's colour, what sets it apart and the step of its picture, which stays whole.
void Album::draw_label(Canvas& canvas, double middle, double y, double word, double room, size_t k) const {
  const bool shown = volumes_[k].image(kind()) != nullptr;
  const std::string step = shown ? fmt::format("  \u00b7  step {}", volumes_[k].step()) : "";
  const std::string words = shorten_before(labels_[k], step, word, slack * room - 2 * word);
  const double x = std::round(middle - (text_width(words, word) + 1.6 * word) / 2);
  rectangle(canvas, {x, y, std::round(word), std::round(word)}, core::filled(series_color(k)));
  canvas.text({x + 1.6 * word, y}, words, word, palette::ink, Align::left);
}

// How wide the pictures would be in all, each in a room like this.
double Album::width_in(Rect room) const {
  double width = 0;
  for (const Volume& volume : volumes_)
    if (const Image* image = volume.image(kind())) width += fitted(*image, room).width;
  return width;
}

// Beside each other or, where they get larger so, one above the other; a label above each when there are two.
void Album::draw_volumes(Canvas& canvas, Rect room, double word) const {
  if (volumes_.size() == 1) return draw_volume(canvas, room, word, 0);
  const double count = static_cast<double>(volumes_.size()), label = std::round(2.4 * word), gap = word;
  const Rect beside{0, 0, std::floor((room.width - gap * (count - 1)) / count), room.height - label};
  const Rect above{0, 0, room.width, std::floor((room.height - gap * (count - 1)) / count) - label};
  const bool stacked = width_in(above) > width_in(beside);
  const Rect cell = stacked ? above : beside;
  for (size_t k = 0; k < volumes_.size(); ++k) {
    const double at = static_cast<double>(k);
    const double left = room.x + (stacked ? 0 : at * (cell.width + gap));
    const double top = room.y + room.height - label - (stacked ? at * (cell.height + label + gap) : 0);
    draw_label(canvas, left + cell.width / 2, std::round(top + 0.6 * word), word, cell.width, k);
    draw_volume(canvas, {left, top - cell.height, cell.width, cell.height}, word, k);
  }
}

// In at most so many lines, one or two, parted between words.
static std::vector<std::string> wrapped(const std::string& sentence, double word, double room, int most) {
  if (most == 1 || text_width(sentence, word) <= room) return {shorten(sentence, word, room)};
  size_t cut = sentence.rfind(' ');
  while (cut != std::string::npos && cut > 0 && text_width(sentence.substr(0, cut), word) > room)
    cut = sentence.rfind(' ', cut - 1);
  if (cut == std::string::npos || cut == 0) return {shorten(sentence, word, room)};
  return {sentence.substr(0, cut), shorten(sentence.substr(cut + 1), word, room)};
}

void Album::draw(Canvas& canvas, Rect area, double word) const {
  const double x = std::ceil(area.x), y = std::ceil(area.y);
  const double width = std::floor(area.x + area.width) - x, height = std::floor(area.y + area.height) - y;
  if (width < 8 * word || height < 8 * word) return;
  Inset page(canvas, {x, y, width, height});
  page.view({0, 0, width, height}, palette::paper);
  const double pad = word;
  const std::vector<std::string> lines =
      wrapped(sentence(), word, slack * width - 2 * pad, height > 20 * word ? 2 : 1);
  const double foot = std::round((0.8 + 1.8 * static_cast<double>(lines.size())) * word);
  const double thumbnail = kinds_.size() > 1 && height > 34 * word ? std::round(4.5 * word) : 0;
  const double head = std::round(3.2 * word + (thumbnail > 0 ? thumbnail + 1.2 * word : 0));
  draw_tabs(page, {pad, height - head, width - 2 * pad, head}, word, thumbnail);
  draw_volumes(page, {pad, foot, width - 2 * pad, height - head - foot - pad}, word);
  for (size_t k = 0; k < lines.size(); ++k)
    page.text({width / 2, foot - (1.7 + 1.8 * static_cast<double>(k)) * word}, lines[k], word, palette::quiet,
              Align::center);
}

}  // namespace render

// The album's layout in pixels, y up: a row of tabs, the pictures, a sentence.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/album.h"
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

// Names, and thumbnails above them when `thumbnail`, their height, is not 0.
void Album::draw_tabs(Canvas& canvas, Rect room, double word, double thumbnail) const {
  std::vector<Tab> tabs = tabs_of(volumes_, kinds_, word, thumbnail);
  if (width_of(tabs) > room.width) tabs = around(tabs_of(volumes_, kinds_, word, 0), kind_, word, room.width);
  double x = room.x + std::max(0.0, (room.width - width_of(tabs)) / 2);
  for (const Tab& tab : tabs) {
    const bool present = tab.name == kind();
    const double middle = x + tab.width / 2, bar = std::max(2.0, std::round(word / 4));
    if (tab.shown.width > 0) {
      const Rect where{std::round(middle - tab.shown.width / 2), room.y + std::round(2.6 * word),
                       tab.shown.width, tab.shown.height};
      draw_image(canvas,
                 scaled(*tab.thumbnail, static_cast<int>(where.width), static_cast<int>(where.height)),
                 where);
      const core::Color frame = present ? palette::series[0] : palette::rule;
      rectangle(canvas, {where.x - 1, where.y - 1, where.width + 2, where.height + 2},
                core::outlined(frame, present ? 2 : 1));
    }
    const std::string name = shorten(tab.name, word, tab.width - 0.8 * word);
    canvas.text({middle, room.y + 0.9 * word}, name, word, present ? palette::ink : palette::quiet,
                Align::center);
    const double wide = text_width(name, word);
    if (present)
      rectangle(canvas, {std::round(middle - wide / 2), room.y, std::round(wide), bar},
                core::filled(palette::series[0]));
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

// Beside each other or, where they get larger so, one above the other; a name above each when there are two.
void Album::draw_volumes(Canvas& canvas, Rect room, double word) const {
  if (volumes_.size() == 1) return draw_volume(canvas, room, word, 0);
  const double count = static_cast<double>(volumes_.size()), name = std::round(2.4 * word), gap = word;
  const Size beside{std::floor((room.width - gap * (count - 1)) / count), room.height};
  const Size above{room.width, std::floor((room.height - gap * (count - 1)) / count)};
  double wide = 0, high = 0;
  for (const Volume& volume : volumes_)
    if (const Image* image = volume.image(kind())) {
      wide += fitted(*image, {0, 0, beside.width, beside.height - name}).width;
      high += fitted(*image, {0, 0, above.width, above.height - name}).width;
    }
  const bool stacked = high > wide;
  const Size cell = stacked ? above : beside;
  for (size_t k = 0; k < volumes_.size(); ++k) {
    const double at = static_cast<double>(k);
    const double left = stacked ? room.x : room.x + at * (cell.width + gap);
    const double top = stacked ? room.y + room.height - at * (cell.height + gap) : room.y + room.height;
    const bool shown = volumes_[k].image(kind()) != nullptr;
    const std::string words =
        labels_[k] + (shown ? fmt::format("  \u00b7  step {}", volumes_[k].step()) : "");
    const std::string line = shorten(words, word, cell.width - 4 * word);
    const double x = left + (cell.width - text_width(line, word) - 1.6 * word) / 2;
    rectangle(canvas, {std::round(x), std::round(top - 1.8 * word), std::round(word), std::round(word)},
              core::filled(series_color(k)));
    canvas.text({x + 1.6 * word, top - 1.8 * word}, line, word, palette::ink, Align::left);
    draw_volume(canvas, {left, top - cell.height, cell.width, cell.height - name}, word, k);
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
      wrapped(sentence(), word, width - 2 * pad, height > 20 * word ? 2 : 1);
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

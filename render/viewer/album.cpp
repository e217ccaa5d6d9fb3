// The slider, and the layout in pixels: tabs, pictures, a sentence.
#include "render/viewer/album.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/shrink.h"

namespace render {

using core::Align, core::Canvas, core::Image, core::Rect;

Album::Album(const std::vector<std::filesystem::path>& runs) {
  std::vector<const LiveRun*> files;
  volumes_.reserve(runs.size());
  for (const auto& folder : runs) files.push_back(&volumes_.emplace_back(folder).run());
  names_ = names_of(files);
  shrunk_.resize(runs.size());
  list_kinds();
  list_steps();
  seek(length());
}

void Album::list_kinds() {
  const std::string before = kinds_.empty() ? "" : kind();
  kinds_.clear();
  for (const Volume& volume : volumes_)
    for (const Volume::Kind& kind : volume.kinds())
      if (std::find(kinds_.begin(), kinds_.end(), kind.film.name) == kinds_.end())
        kinds_.push_back(kind.film.name);
  const auto at = std::find(kinds_.begin(), kinds_.end(), before);
  kind_ = at == kinds_.end() ? 0 : static_cast<size_t>(at - kinds_.begin());
}

void Album::list_steps() {
  std::set<int64_t> steps;
  for (const Volume& volume : volumes_)
    if (const Volume::Kind* found = volume.find(kind()))
      steps.insert(found->film.steps.begin(), found->film.steps.end());
  steps_.assign(steps.begin(), steps.end());
}

int64_t Album::last_until(int64_t step) const {
  return std::upper_bound(steps_.begin(), steps_.end(), step) - steps_.begin() - 1;
}

bool Album::show() {
  bool other = false;
  for (size_t k = 0; k < volumes_.size(); ++k) {
    if (!volumes_[k].show(kind(), training_step())) continue;
    shrunk_[k] = {};
    other = true;
  }
  return other;
}

void Album::seek(int64_t t) {
  t_ = std::clamp<int64_t>(t, 0, length());
  show();
}

bool Album::turn(int by) {
  const auto count = static_cast<int>(kinds_.size());
  if (count < 2) return false;
  const int64_t step = training_step();
  const bool at_end = t_ == length();
  kind_ = static_cast<size_t>(((static_cast<int>(kind_) + by) % count + count) % count);
  list_steps();
  seek(at_end ? length() : last_until(step));
  return true;
}

bool Album::refresh() {
  bool other = false;
  for (Volume& volume : volumes_) other = volume.refresh() || other;
  if (!other) return show();
  const int64_t step = training_step();
  const bool at_end = t_ == length();
  list_kinds();
  list_steps();
  seek(at_end ? length() : last_until(step));
  return true;
}

std::string Album::title() const {
  return fmt::format("{}  \u00b7  {}", fmt::join(names_, "  and  "), kind());
}

std::string Album::sentence() const {
  for (const Volume& volume : volumes_)
    if (const Volume::Kind* found = volume.find(kind())) return found->film.sentence;
  return "";
}

namespace {

struct Size {
  double width = 0, height = 0;
};

// As large as it fits: whole-number enlargement, any reduction. In whole pixels.
Size fitted(const Image& image, Size room) {
  double scale = std::min(room.width / image.width, room.height / image.height);
  if (scale >= 1) scale = std::floor(scale);
  return {std::max(1.0, std::floor(scale * image.width)), std::max(1.0, std::floor(scale * image.height))};
}

void draw_image(Canvas& canvas, const Image& image, Rect where) {
  canvas.image(where, image.pixels, image.width, image.height, image.channels);
}

// Into a size of whole pixels at the middle of `room`; what has to be smaller is shrunk, and kept for the
// next time.
void draw_fitted(Canvas& canvas, const Image& image, Rect room, Image& kept) {
  const Size size = fitted(image, {room.width, room.height});
  const Rect where{room.x + std::floor((room.width - size.width) / 2),
                   room.y + std::floor((room.height - size.height) / 2), size.width, size.height};
  const auto width = static_cast<int>(size.width), height = static_cast<int>(size.height);
  if (width >= image.width) return draw_image(canvas, image, where);
  if (kept.width != width || kept.height != height) kept = shrink(image, width, height);
  draw_image(canvas, kept, where);
}

}  // namespace

void Album::draw(Canvas& canvas, Rect area, double word) const {
  Inset page(canvas, area);
  page.view({0, 0, area.width, area.height}, palette::paper);
  draw_volume(page, {0, 0, area.width, area.height}, word, 0);
}

void Album::draw_volume(Canvas& canvas, Rect room, double word, size_t k) const {
  (void)word;
  if (const Image* image = volumes_[k].image(kind())) draw_fitted(canvas, *image, room, shrunk_[k]);
}

}  // namespace render

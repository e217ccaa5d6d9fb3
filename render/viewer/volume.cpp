#include "render/viewer/volume.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "render/viewer/scaled.h"

namespace render {

static constexpr double thumbnail_width = 240, thumbnail_height = 120;  // pixels, at most

static core::Image thumbnail_of(const core::Image& image) {
  const double scale = std::min({1.0, thumbnail_width / image.width, thumbnail_height / image.height});
  const auto side = [scale](int before) { return std::max(1, static_cast<int>(before * scale)); };
  return scaled(image, side(image.width), side(image.height));
}

// A tail whose step does not increase is torn.
static void drop_torn(std::vector<int64_t>& steps) {
  size_t keep = 0;
  for (int64_t last = -1; keep < steps.size() && steps[keep] > last; ++keep) last = steps[keep];
  steps.resize(keep);
}

static bool can_be_drawn(const core::RunFile::Film& film) {
  const bool colors = film.channels == 1 || film.channels == 3 || film.channels == 4;
  return colors && film.width > 0 && film.height > 0 && !film.steps.empty();
}

static std::vector<Volume::Kind> kinds_in(const core::RunFile& file) {
  std::vector<Volume::Kind> kinds;
  for (core::RunFile::Film& film : file.pictures()) {
    drop_torn(film.steps);
    if (!can_be_drawn(film)) continue;
    const core::Image last = file.frame(film.name, film.steps.size() - 1);
    kinds.push_back({std::move(film), thumbnail_of(last)});
  }
  return kinds;
}

Volume::Volume(const std::filesystem::path& folder)
    : run_(folder, [this](const core::RunFile& file) { kinds_ = kinds_in(file); }) {
  core::check(!kinds_.empty(), "{}: holds no picture", folder.string());
}

const Volume::Kind* Volume::find(const std::string& kind) const {
  const auto at =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.film.name == kind; });
  return at == kinds_.end() ? nullptr : &*at;
}

static bool same_frames(const Volume::Kind& a, const Volume::Kind& b) {
  return a.film.name == b.film.name && a.film.steps == b.film.steps &&
         a.thumbnail.pixels == b.thumbnail.pixels;
}

bool Volume::refresh() {
  bool other = false;
  run_.reread([&](const core::RunFile& file) {
    std::vector<Kind> kinds = kinds_in(file);
    core::check(!kinds.empty(), "{}: holds no picture any more", run_.folder().string());
    other = !std::equal(kinds.begin(), kinds.end(), kinds_.begin(), kinds_.end(), same_frames);
    kinds_ = std::move(kinds);
    stale_ = true;
  });
  return other;
}

bool Volume::show(const std::string& kind, int64_t step) {
  const Kind* found = find(kind);
  const std::vector<int64_t> steps = found ? found->film.steps : std::vector<int64_t>();
  const auto next = std::upper_bound(steps.begin(), steps.end(), step);
  const int64_t latest = next == steps.begin() ? -1 : *std::prev(next);
  if (!stale_ && kind == kind_ && latest == step_) return false;
  core::Image image;
  const auto load = [&](const core::RunFile& file) {
    image = file.frame(kind, static_cast<size_t>(next - steps.begin()) - 1);
  };
  if (latest >= 0 && !run_.read(load)) return false;
  const bool other = kind != kind_ || image.pixels != image_.pixels;
  image_ = std::move(image);
  kind_ = kind;
  step_ = latest;
  stale_ = false;
  return other;
}

const core::Image* Volume::image(const std::string& kind) const {
  return kind == kind_ && step_ >= 0 ? &image_ : nullptr;
}

}  // namespace render

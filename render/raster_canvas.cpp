#include "render/raster_canvas.h"

#include <algorithm>
#include <cmath>

#include "core/brush.h"
#include "envs/wrappers/pixels.h"

namespace render {

using core::Brush, core::Color, core::Rect, core::Shares, core::Vec, core::rounded;

RasterCanvas::RasterCanvas(int width, int height)
    : width_(width),
      height_(height),
      cairo_(width, height),
      words_(cairo_.words()),
      view_(fit({0, 0, 1.0 * width, 1.0 * height}, width, height)),
      coverage_(width, height) {}

void RasterCanvas::read(int channels, uint8_t* out) const {
  uint32_t last = ~words_[0];  // of the pixel before: most are like it
  uint8_t rgb[3] = {}, grey = 0;
  for (const uint32_t* word = words_; word != words_ + pixels(); ++word) {
    if (*word != last) {
      last = *word;
      for (const int channel : {0, 1, 2}) rgb[channel] = static_cast<uint8_t>(last >> (16 - 8 * channel));
      grey = envs::luminance(rgb);
    }
    if (channels == 1)
      *out++ = grey;
    else
      out = std::copy_n(rgb, 3, out);
  }
}

namespace {

// How much of a pixel's extent lies between two places.
double overlap(double from, double to, int pixel) {
  return std::clamp(to - pixel, 0.0, 1.0) - std::clamp(from - pixel, 0.0, 1.0);
}

int pixel_of(double at, int pixels) { return static_cast<int>(std::clamp(at, 0.0, 1.0 * pixels)); }

}  // namespace

void RasterCanvas::fill(Color color) {
  const Brush brush(color);
  coverage_.read([&](const Shares& row) {
    uint32_t* word = words_ + ptrdiff_t{row.y} * width_ + row.first;
    for (int k = 0; k < row.count; ++k) brush.paint(word[k], row.share[k]);
  });
}

// Whether points_ are an upright rectangle, which then is painted.
bool RasterCanvas::rectangle(Color color) {
  if (points_.size() != 4) return false;
  const Vec &a = points_[0], &b = points_[1], &c = points_[2], &d = points_[3];
  const bool level = a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x;
  const bool upright = a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y;
  if (!level && !upright) return false;
  upright_rectangle({std::min(a.x, c.x), std::min(a.y, c.y)}, {std::max(a.x, c.x), std::max(a.y, c.y)},
                    color);
  return true;
}

// From the upper left corner to the lower right one, in pixels.
void RasterCanvas::upright_rectangle(Vec from, Vec to, Color color) {
  const Brush brush(color);
  const int first = pixel_of(from.x, width_);
  for (int y = pixel_of(from.y, height_); y < height_ && y < to.y; ++y) {
    const double rows = 255 * overlap(from.y, to.y, y);
    const uint32_t whole = rounded(rows);
    for (int x = first; x < width_ && x < to.x; ++x) {
      const bool inner = x > first && x + 1 < to.x;
      const uint32_t part = inner ? whole : rounded(rows * overlap(from.x, to.x, x));
      brush.paint(words_[ptrdiff_t{y} * width_ + x], part);
    }
  }
}

void RasterCanvas::view(Rect world, Color background) {
  view_ = fit(world, width_, height_);
  world_ = world;
  clipped_ = false;
  const Brush brush(background);
  if (background.a == 255) {
    brush.paint(*words_, 255);
    std::fill_n(words_, pixels(), *words_);
  } else {
    for (uint32_t* word = words_; word != words_ + pixels(); ++word) brush.paint(*word, 255);
  }
}

// Cairo in the present view, which it takes from a background that nobody sees.
CairoCanvas& RasterCanvas::cairo() {
  if (world_) cairo_.view(*world_, {0, 0, 0, 0});
  world_.reset();
  return cairo_;
}

void RasterCanvas::line(Vec from, Vec to, Color color, double width) {
  if (clipped_) return cairo().line(from, to, color, width);
  coverage_.line(view_.pixel(from), view_.pixel(to), view_.scale * width);
  fill(color);
}

void RasterCanvas::circle(Vec center, double radius, core::Paint paint) {
  if (clipped_) return cairo().circle(center, radius, paint);
  const Vec at = view_.pixel(center);
  const double r = view_.scale * radius, half = view_.scale * paint.width / 2;
  if (paint.fill.a) {
    coverage_.circle(at, r);
    fill(paint.fill);
  }
  if (!paint.line.a || !(paint.width > 0)) return;
  coverage_.circle(at, r + half);
  if (r > half) coverage_.circle(at, r - half, true);
  fill(paint.line);
}

// The outline of points_: a line with round ends for each side.
void RasterCanvas::stroke(Color color, double width) {
  for (size_t k = 0; k < points_.size(); ++k)
    coverage_.line(points_[k], points_[k + 1 < points_.size() ? k + 1 : 0], view_.scale * width);
  fill(color);
}

void RasterCanvas::polygon(std::span<const Vec> points, core::Paint paint) {
  if (clipped_) return cairo().polygon(points, paint);
  points_.clear();
  for (const Vec& point : points) points_.push_back(view_.pixel(point));
  if (paint.fill.a && !rectangle(paint.fill)) {
    coverage_.outline(points_.data(), points_.size());
    fill(paint.fill);
  }
  if (paint.line.a && paint.width > 0) stroke(paint.line, paint.width);
}

void RasterCanvas::text(Vec at, std::string_view words, double height, Color color, core::Align align) {
  cairo().text(at, words, height, color, align);
  words_ = cairo_.words();
}

void RasterCanvas::image(Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) {
  cairo().image(where, pixels, width, height, channels);
  words_ = cairo_.words();
}

void RasterCanvas::clip(std::optional<Rect> world) {
  clipped_ = world.has_value();
  cairo().clip(world);
}

}  // namespace render

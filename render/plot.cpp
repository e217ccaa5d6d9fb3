// Points and grids: the plane, its frame, a heat map's scale.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "render/font.h"
#include "render/pages.h"
#include "render/palette.h"

namespace render {

using core::Image, core::Picture, core::Rect, core::Vec;

namespace {

// Where a window of the plane lies on a page, y up.
struct Plane {
  Rect extent;  // of the data
  Rect page;    // in pixels

  Vec at(double x, double y) const {
    return {page.x + (x - extent.x) / extent.width * page.width,
            page.y + (y - extent.y) / extent.height * page.height};
  }
};

constexpr double plot_side = 480, plot_left = 48, plot_low = 28, plot_margin = 16;

// The largest plane of the extent's shape in a square of `side` pixels.
Plane plane_in(Rect extent, Vec corner, double side) {
  const double scale = side / std::max(extent.width, extent.height);
  return {extent, {corner.x, corner.y, scale * extent.width, scale * extent.height}};
}

// The extent's ends as numbers along its lower and left edge.
void draw_frame(core::Canvas& canvas, const Plane& plane) {
  const Rect p = plane.page, e = plane.extent;
  rectangle(canvas, p, core::outlined(palette::rule, 1));
  const auto word = [&](Vec at, double number, core::Align align) {
    canvas.text(at, fmt::format("{:.4g}", number), word_height, palette::quiet, align);
  };
  word({p.x, p.y - 2 * word_height}, e.x, core::Align::left);
  word({p.x + p.width, p.y - 2 * word_height}, e.x + e.width, core::Align::right);
  word({p.x - word_height / 2, p.y}, e.y, core::Align::right);
  word({p.x - word_height / 2, p.y + p.height - word_height}, e.y + e.height, core::Align::right);
}

void push_color(std::vector<uint8_t>& pixels, core::Color color) {
  pixels.insert(pixels.end(), {color.r, color.g, color.b});
}

// The colours from low to high beside the plane, with both ends as numbers.
void draw_scale(CairoCanvas& canvas, Rect bar, double low, double high) {
  std::vector<uint8_t> pixels;
  for (int k = 255; k >= 0; --k) push_color(pixels, viridis(k / 255.0));
  canvas.image(bar, pixels, 1, 256, 3);
  const double x = bar.x + bar.width + word_height / 2;
  canvas.text({x, bar.y}, fmt::format("{:.3g}", low), word_height, palette::quiet, core::Align::left);
  canvas.text({x, bar.y + bar.height - word_height}, fmt::format("{:.3g}", high), word_height, palette::quiet,
              core::Align::left);
}

}  // namespace

std::pair<double, double> range_of(const std::vector<float>& values) {
  double low = INFINITY, high = -INFINITY;
  for (const float v : values)
    if (std::isfinite(v)) {
      low = std::min<double>(low, v);
      high = std::max<double>(high, v);
    }
  if (low > high) return {0, 1};
  return {low, high > low ? high : low + 1};
}

// The mark of a class: the palette's colours as discs, then as rings, then as smaller discs, and so on.
static void draw_mark(core::Canvas& canvas, Vec at, double radius, size_t k, uint8_t alpha) {
  core::Color color = series_color(k);
  color.a = alpha;
  const size_t round = k / palette::series.size();
  const double size = radius / (1 + 0.5 * static_cast<double>(round / 2));
  canvas.circle(at, size, round % 2 ? core::outlined(color, 0.45 * size) : core::filled(color));
}

static constexpr double legend_line = 2.2 * word_height;

static double legend_width(const Picture& picture) {
  double widest = 0;
  for (const std::string& label : picture.labels) widest = std::max(widest, text_width(label, word_height));
  return picture.labels.empty() ? 0 : std::min(widest, 160.0) + 3.5 * word_height;
}

// Each class's mark and name, beside the plane from the top down, as many as have room.
static void draw_legend(core::Canvas& canvas, const Picture& picture, const Plane& plane) {
  const double x = plane.page.x + plane.page.width + 1.5 * word_height;
  double y = plane.page.y + plane.page.height - word_height;
  for (size_t k = 0; k < picture.labels.size() && y > plane.page.y; ++k, y -= legend_line) {
    draw_mark(canvas, {x, y + word_height / 2}, 4, k, 255);
    canvas.text({x + word_height, y}, shorten(picture.labels[k], word_height, 160), word_height, palette::ink,
                core::Align::left);
  }
}

Image draw_points(const Picture& picture) {
  check_shape(picture, 2);
  const auto& classes = picture.classes;
  core::check(classes.empty() || std::ssize(classes) == picture.shape[0],
              "picture '{}': expected a class for each of its {} points, found {}", picture.name,
              picture.shape[0], classes.size());
  const Plane plane = plane_in(picture.extent, {plot_left, plot_low}, plot_side);
  CairoCanvas canvas = blank_page(plot_left + plane.page.width + plot_margin + legend_width(picture),
                                  plot_low + plane.page.height + plot_margin);
  draw_frame(canvas, plane);
  draw_legend(canvas, picture, plane);
  // The more points, the smaller and the more transparent, so that density shows.
  const double n = std::max(1.0, static_cast<double>(picture.shape[0]));
  const auto alpha = static_cast<uint8_t>(std::clamp(255 * 20 / std::sqrt(n), 50.0, 220.0));
  const double radius = std::clamp((classes.empty() ? 60 : 90) / std::sqrt(n), 1.3, 4.0);
  canvas.clip(plane.page);
  for (size_t k = 0; 2 * k + 1 < picture.data.size(); ++k) {
    const double x = picture.data[2 * k], y = picture.data[2 * k + 1];
    if (std::isfinite(x) && std::isfinite(y))
      draw_mark(canvas, plane.at(x, y), radius, classes.empty() ? 0 : static_cast<size_t>(classes[k]), alpha);
  }
  return canvas.image();
}

Image draw_grid(const Picture& picture) {
  check_shape(picture, 2);
  const int64_t h = picture.shape[0], w = picture.shape[1];
  core::check(h > 0 && w > 0, "picture '{}': an empty grid", picture.name);
  const Plane plane = plane_in(picture.extent, {plot_left, plot_low}, plot_side);
  const Rect p = plane.page;
  CairoCanvas canvas = blank_page(p.x + p.width + 96, p.y + p.height + plot_margin);
  const auto [low, high] = range_of(picture.data);
  std::vector<uint8_t> pixels;
  for (int64_t row = h - 1; row >= 0; --row)  // row 0 lies at the plane's lower edge
    for (int64_t column = 0; column < w; ++column)
      push_color(pixels, viridis((picture.data[static_cast<size_t>(row * w + column)] - low) / (high - low)));
  canvas.image(p, pixels, static_cast<int>(w), static_cast<int>(h), 3);
  draw_frame(canvas, plane);
  draw_scale(canvas, {p.x + p.width + 16, p.y, 14, p.height}, low, high);
  return canvas.image();
}

}  // namespace render

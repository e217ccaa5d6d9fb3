// Images, text, and which kind is drawn by whom.
#include "render/draw.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "render/cairo_canvas.h"
#include "render/font.h"
#include "render/pages.h"
#include "render/palette.h"

namespace render {

using core::Image, core::Picture, core::Rect;

void check_shape(const Picture& picture, size_t axes) {
  const auto cells =
      std::accumulate(picture.shape.begin(), picture.shape.end(), int64_t{1}, std::multiplies<>());
  const bool ok = picture.shape.size() == axes && static_cast<int64_t>(picture.data.size()) == cells;
  core::check(ok, "picture '{}' ({}): expected {} axes that hold its {} numbers", picture.name,
              core::kind_name(picture.kind), axes, picture.data.size());
}

CairoCanvas blank_page(double width, double height) {
  CairoCanvas canvas(static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height)));
  canvas.view({0, 0, std::ceil(width), std::ceil(height)}, palette::paper);
  return canvas;
}

static uint8_t level(float value) {
  return std::isnan(value) ? 128 : static_cast<uint8_t>(std::lround(255 * std::clamp(value, 0.0f, 1.0f)));
}

namespace {

// Tiles in rows, in pixels.
struct Tiling {
  int64_t columns, rows;
  double zoom, gap, words;  // whole factor; between tiles; room for a label
  double tile_width, tile_height;

  double width() const { return static_cast<double>(columns) * (tile_width + gap) + gap; }
  double height() const { return static_cast<double>(rows) * (tile_height + words + gap) + gap; }
  Rect place(int64_t k) const {
    const double x = gap + static_cast<double>(k % columns) * (tile_width + gap);
    const double y = height() - static_cast<double>(k / columns + 1) * (tile_height + words + gap) + words;
    return {x, y, tile_width, tile_height};
  }
};

Tiling tile(const Picture& picture) {
  const int64_t n = picture.shape[0];
  const auto h = static_cast<double>(picture.shape[1]), w = static_cast<double>(picture.shape[2]);
  const auto square = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(n))));
  const int64_t columns = picture.columns ? std::min(picture.columns, n) : square;
  const double zoom = std::max(1.0, std::floor(640.0 / (static_cast<double>(columns) * w)));
  return {.columns = columns,
          .rows = (n + columns - 1) / columns,
          .zoom = zoom,
          .gap = std::clamp(std::floor(zoom * w / 14), 2.0, 8.0),
          .words = picture.labels.empty() ? 0 : 2 * word_height,
          .tile_width = zoom * w,
          .tile_height = zoom * h};
}

void draw_label(core::Canvas& canvas, const std::string& label, Rect tile) {
  canvas.text({tile.x + tile.width / 2, tile.y - 1.5 * word_height}, shorten(label, word_height, tile.width),
              word_height, palette::ink, core::Align::center);
}

Image draw_images(const Picture& picture) {
  check_shape(picture, 4);
  const int64_t n = picture.shape[0], h = picture.shape[1], w = picture.shape[2], c = picture.shape[3];
  const bool ok = n > 0 && h > 0 && w > 0 && (c == 1 || c == 3);
  core::check(ok, "picture '{}': expected images [N, H, W, 1 or 3]", picture.name);
  const Tiling tiling = tile(picture);
  CairoCanvas canvas = blank_page(tiling.width(), tiling.height());
  std::vector<uint8_t> pixels(static_cast<size_t>(h * w * c));
  for (int64_t k = 0; k < n; ++k) {
    const float* from = picture.data.data() + k * h * w * c;
    std::transform(from, from + pixels.size(), pixels.begin(), level);
    canvas.image(tiling.place(k), pixels, static_cast<int>(w), static_cast<int>(h), static_cast<int>(c));
    const auto label = static_cast<size_t>(k);
    if (label < picture.labels.size()) draw_label(canvas, picture.labels[label], tiling.place(k));
  }
  return canvas.image();
}

// Tabs as blanks up to the next eighth letter, other signs without a shape left out: a font shows them as
// boxes.
std::string shapes_of(const std::string& words) {
  std::string shown;
  size_t column = 0;
  for (const char letter : words) {
    if (letter == '\t') {
      const size_t blanks = 8 - column % 8;
      shown.append(blanks, ' ');
      column += blanks;
    } else if (letter == '\n' || static_cast<unsigned char>(letter) >= ' ') {
      shown += letter;
      column = letter == '\n' ? 0 : column + 1;
    }
  }
  return shown;
}

// Lines no wider than `width`, broken at blanks where there are any.
std::vector<std::string> wrap(const std::string& words, double height, double width) {
  std::vector<std::string> lines(1);
  size_t blank = std::string::npos;  // of the current line
  for (const char letter : words) {
    if (letter == '\n') {
      lines.emplace_back();
      blank = std::string::npos;
      continue;
    }
    if (letter == ' ') blank = lines.back().size();
    lines.back() += letter;
    if (text_width(lines.back(), height) <= width || (letter & 0xc0) == 0x80) continue;
    const size_t cut = blank == std::string::npos || blank == 0 ? lines.back().size() - 1 : blank;
    std::string rest = lines.back().substr(cut + (cut == blank ? 1 : 0));
    lines.back().resize(cut);
    blank = std::string::npos;
    lines.push_back(std::move(rest));
  }
  return lines;
}

Image draw_text(const Picture& picture) {
  static constexpr double width = 720, height = 432, size = 9, line = 18, margin = 18;
  CairoCanvas canvas = blank_page(width, height);
  std::vector<std::string> lines = wrap(shapes_of(picture.text), size, width - 2 * margin);
  const auto room = static_cast<size_t>((height - 2 * margin) / line);
  if (lines.size() > room) {
    lines.resize(room);
    lines.back() = shorten(lines.back() + " \u2026", size, width - 2 * margin);
  }
  for (size_t k = 0; k < lines.size(); ++k)
    canvas.text({margin, height - margin - size - line * static_cast<double>(k)}, lines[k], size,
                palette::ink, core::Align::left);
  return canvas.image();
}

}  // namespace

Image draw(const Picture& picture) {
  switch (picture.kind) {
    case Picture::Kind::image:
      return draw_images(picture);
    case Picture::Kind::points:
      return draw_points(picture);
    case Picture::Kind::grid:
      return draw_grid(picture);
    case Picture::Kind::matrix:
      return draw_matrix(picture);
    case Picture::Kind::text:
      break;
  }
  return draw_text(picture);
}

}  // namespace render

// Matrices: a cell per number, darker for more, with the labels of rows and columns.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "render/font.h"
#include "render/pages.h"
#include "render/palette.h"

namespace render {

using core::Image, core::Picture, core::Rect;

namespace {

struct Cells {
  int64_t rows, columns;
  double side;                // of a cell, pixels
  double left, low, top = 0;  // of all cells

  Rect place(int64_t r, int64_t c) const {
    return {left + side * static_cast<double>(c), top - side * static_cast<double>(r + 1), side, side};
  }
};

Cells lay_out(const Picture& picture) {
  const int64_t rows = picture.shape[0], columns = picture.shape[1];
  const double room = 520.0 / static_cast<double>(std::max(rows, columns));
  Cells cells{.rows = rows, .columns = columns, .side = std::clamp(std::floor(room), 4.0, 64.0)};
  cells.left = picture.labels.empty() ? 16 : 92;
  cells.low = picture.labels.empty() ? 16 : 24;
  cells.top = cells.low + cells.side * static_cast<double>(rows);
  return cells;
}

// As short as it stays readable: whole numbers whole, others with two digits.
std::string cell_words(float value) {
  if (!std::isfinite(value)) return "\u2013";
  const bool whole = value == std::round(value) && std::abs(value) < 1e6f;
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
}

void draw_cell(core::Canvas& canvas, Rect where, core::Color color, float value) {
  rectangle(canvas, where, {.fill = color, .line = palette::paper, .width = 1});
  const std::string words = cell_words(value);
  const double size = std::min(9.0, where.width / 3.5);
  if (where.width < 18 || text_width(words, size) > where.width - 2) return;
  canvas.text({where.x + where.width / 2, where.y + (where.height - size) / 2}, words, size, words_on(color),
              core::Align::center);
}

void draw_labels(core::Canvas& canvas, const Cells& cells, const Picture& picture) {
  if (cells.side < 12) return;
  const std::vector<std::string>& across =
      picture.column_labels.empty() ? picture.labels : picture.column_labels;
  const auto label = [](const std::string& words, double room) { return shorten(words, word_height, room); };
  for (int64_t k = 0; k < std::min(std::ssize(picture.labels), cells.rows); ++k)
    canvas.text({cells.left - 6, cells.place(k, 0).y + (cells.side - word_height) / 2},
                label(picture.labels[static_cast<size_t>(k)], cells.left - 10), word_height, palette::ink,
                core::Align::right);
  for (int64_t k = 0; k < std::min(std::ssize(across), cells.columns); ++k)
    canvas.text({cells.place(0, k).x + cells.side / 2, cells.low - 2 * word_height},
                label(across[static_cast<size_t>(k)], cells.side - 2), word_height, palette::ink,
                core::Align::center);
}

}  // namespace

Image draw_matrix(const Picture& picture) {
  check_shape(picture, 2);
  const Cells cells = lay_out(picture);
  core::check(cells.rows > 0 && cells.columns > 0, "picture '{}': an empty matrix", picture.name);
  CairoCanvas canvas =
      blank_page(cells.left + cells.side * static_cast<double>(cells.columns) + 16, cells.top + 16);
  const auto [least, most] = range_of(picture.data);
  const double base = std::min(0.0, least);
  for (int64_t r = 0; r < cells.rows; ++r)
    for (int64_t c = 0; c < cells.columns; ++c) {
      const float value = picture.data[static_cast<size_t>(r * cells.columns + c)];
      draw_cell(canvas, cells.place(r, c), ramp((value - base) / (most - base)), value);
    }
  draw_labels(canvas, cells, picture);
  return canvas.image();
}

}  // namespace render

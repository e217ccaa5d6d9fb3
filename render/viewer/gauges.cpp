#include "render/viewer/gauges.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/page.h"

namespace render {

using core::Align, core::Canvas, core::Rect, core::Vec;

double Range::share(double value) const {
  return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.5;
}

Range range_over(std::span<const float> values, size_t first, size_t stride) {
  Range range{INFINITY, -INFINITY};
  for (size_t i = first; i < values.size(); i += stride)
    if (std::isfinite(values[i]))
      range = {std::min<double>(range.low, values[i]), std::max<double>(range.high, values[i])};
  return range.low <= range.high ? range : Range{};
}

Filled filled_from_zero(double value, double largest, bool can_be_negative) {
  const double share = largest > 0 ? std::clamp(value / largest, -1.0, 1.0) : 0.0;
  if (!can_be_negative) return {0, std::max(0.0, share)};
  return share < 0 ? Filled{0.5 + share / 2, 0.5} : Filled{0.5, 0.5 + share / 2};
}

static std::string number_of(const Bar& bar) { return fmt::format("{:.2f}", bar.value); }

// Widths of the columns of names and of numbers, the gaps behind the names and before the numbers included.
static std::pair<double, double> columns_of(const std::vector<Bar>& bars, double word, double width) {
  double names = 0, numbers = text_width("-0.00", word);
  for (const Bar& bar : bars) {
    names = std::max(names, text_width(bar.name, word));
    numbers = std::max(numbers, text_width(number_of(bar), word));
  }
  const double gap = 0.7 * word, stub = 2.5 * word;
  return {std::clamp(width - numbers - gap - stub, 0.0, names + gap), numbers + gap};
}

void draw_bars(Canvas& canvas, Rect where, double word, const std::vector<Bar>& bars, Range range) {
  const auto [names, numbers] = columns_of(bars, word, where.width);
  const double line = 1.9 * word, left = where.x + names;
  double y = where.y + where.height;
  for (const Bar& bar : bars) {
    y -= line;
    draw_fitting(canvas, {where.x, y + 0.45 * word}, bar.name, word, names - 0.5 * word, palette::ink);
    canvas.text({where.x + where.width, y + 0.45 * word}, number_of(bar), word, palette::quiet, Align::right);
    const Rect room{left, y + 0.25 * word, std::max(1.0, where.width - names - numbers), 1.4 * word};
    rectangle(canvas, room, core::filled(palette::panel));
    const auto [from, to] = bar.filled.value_or(Filled{0, range.share(bar.value)});
    rectangle(canvas,
              {left + from * room.width, room.y, std::max(1.0, (to - from) * room.width), room.height},
              core::filled(palette::series[bar.chosen ? 0 : 3]));
  }
}

void draw_course(Canvas& canvas, Rect where, double word, std::span<const float> values, int64_t t) {
  rectangle(canvas, where, core::filled(palette::panel));
  const auto last = static_cast<int64_t>(values.size()) - 1;
  if (last < 0) return;
  const Range range = range_over(values);
  const auto point = [&](int64_t i) {
    const double share = static_cast<double>(i) / static_cast<double>(std::max<int64_t>(1, last));
    const double y = 1 + range.share(values[static_cast<size_t>(i)]) * (where.height - 2);
    return Vec{where.x + share * where.width, where.y + y};
  };
  const int64_t parts = std::min(last, static_cast<int64_t>(where.width));
  for (int64_t k = 0; k < parts; ++k)
    canvas.line(point(k * last / parts), point((k + 1) * last / parts), palette::series[0], 1.5);
  const Vec now = point(std::clamp<int64_t>(t, 0, last));
  canvas.line({now.x, where.y}, {now.x, where.y + where.height}, palette::quiet, 1);
  canvas.circle(now, 0.35 * word, core::filled(palette::warning));
}

void draw_columns(Canvas& canvas, Rect where, const std::vector<Filled>& columns) {
  const double step = where.width / static_cast<double>(columns.size()), wide = std::max(1.0, 0.7 * step);
  double x = where.x + (step - wide) / 2;
  for (const auto& [from, to] : columns) {
    rectangle(canvas, {x, where.y, wide, where.height}, core::filled(palette::panel));
    rectangle(canvas, {x, where.y + from * where.height, wide, std::max(1.0, (to - from) * where.height)},
              core::filled(palette::series[2]));
    x += step;
  }
}

void draw_cells(Canvas& canvas, Rect where, double side, std::span<const float> values, Range range) {
  for (size_t k = 0; k < values.size(); ++k) {
    const double x = where.x + side * static_cast<double>(k % 32);
    const double y = where.y + where.height - side * static_cast<double>(k / 32 + 1);
    rectangle(canvas, {x, y, side - 1, side - 1}, core::filled(viridis(range.share(values[k]))));
  }
}

}  // namespace render

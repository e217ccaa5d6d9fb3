// The plot in pixels, y up: title and values, round ticks, a line for each run, the marker.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/axis.h"
#include "render/viewer/curves.h"
#include "render/viewer/page.h"

namespace render {

using core::Align, core::Canvas, core::Rect, core::Vec;

// Where everything lies.
struct Curves::Plot {
  Canvas& canvas;
  double width, height, word;
  std::optional<int64_t> marker;
  Axis x{}, y{};
  Rect room{};  // of the lines

  double pad() const { return word; }
  bool tall() const { return height > 24 * word; }
  size_t first_run() const { return tall() ? 2 : 1; }
  // Of the header's lines: the title, on tall plots the sentence, then the runs where there are two.
  double baseline(size_t line) const { return height - (2 + 2 * static_cast<double>(line)) * word; }
  size_t columns() const { return static_cast<size_t>(std::max(1.0, room.width)); }
  Vec at(double step, double value) const {
    return {room.x + x.share(step) * room.width, room.y + y.share(value) * room.height};
  }
};

namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return value == std::round(value) && std::abs(value) < 1e9 ? fmt::format("{:.0f}", value)
                                                             : fmt::format("{:.4g}", value);
}

// What is said of a run at the right end, from long to short.
std::vector<std::string> values_of(const History& history, const std::string& metric,
                                   std::optional<int64_t> marker) {
  const Series& rows = history.rows();
  if (!history.find(metric)) return {"not in this run"};
  if (rows.y.empty()) return {"no value yet"};
  const std::string last = fmt::format("last {}", number(rows.y.back()));
  const auto row = marker ? history.row_at(*marker) : std::nullopt;
  if (!row || *row + 1 == rows.y.size()) return {last, number(rows.y.back())};
  const std::string there = number(rows.y[*row]);
  return {fmt::format("{} at step {}  \u00b7  {}", there, static_cast<int64_t>(rows.x[*row]), last),
          fmt::format("{}  \u00b7  {}", there, last), there};
}

std::string longest_within(const std::vector<std::string>& words, double word, double room) {
  for (const std::string& line : words)
    if (text_width(line, word) <= room) return line;
  return shorten(words.back(), word, room);
}

bool is_dense(const Series& rows, size_t columns) { return rows.x.size() > 2 * columns; }

core::Color light(core::Color color) { return {color.r, color.g, color.b, 80}; }

}  // namespace

const core::Metric& Curves::about() const {
  for (const History& history : histories_)
    if (const core::Metric* found = history.find(metric())) return *found;
  return histories_.front().metrics().front();
}

// A run's colour and what sets it apart.
void Curves::draw_label(const Plot& p, size_t k, double y, double room) const {
  rectangle(p.canvas, {p.pad(), y, std::round(p.word), std::round(p.word)}, core::filled(series_color(k)));
  p.canvas.text({p.pad() + 1.6 * p.word, y}, shorten(labels_[k], p.word, room - 1.6 * p.word), p.word,
                palette::ink, Align::left);
}

// The title with its unit, the sentence; at the right end the values of one run, or a line for each of two.
void Curves::draw_header(const Plot& p) const {
  const bool one = histories_.size() == 1;
  const double right = p.width - p.pad(), all = slack * (p.width - 2 * p.pad());
  double room = all;
  for (size_t k = 0; k < histories_.size(); ++k) {
    const double y = p.baseline(one ? 0 : p.first_run() + k);
    const double most =
        std::max(0.34 * all, all - text_width(one ? metric() : labels_[k], p.word) - 4 * p.word);
    const auto words = longest_within(values_of(histories_[k], metric(), p.marker), p.word, most);
    p.canvas.text({right, y}, words, p.word, one ? series_color(0) : palette::ink, Align::right);
    const double left = all - text_width(words, p.word) - 1.5 * p.word;
    if (one) room = left;
    if (!one) draw_label(p, k, y, left);
  }
  const double wide = text_width(metric(), p.word) + 0.8 * p.word;
  draw_fitting(p.canvas, {p.pad(), p.baseline(0)}, metric(), p.word, room, palette::ink);
  if (wide + text_width(about().unit, p.word) <= room)
    p.canvas.text({p.pad() + wide, p.baseline(0)}, about().unit, p.word, palette::quiet, Align::left);
  if (p.tall())
    draw_fitting(p.canvas, {p.pad(), p.baseline(1)}, about().sentence, p.word, all, palette::quiet);
}

void Curves::draw_axes(const Plot& p) const {
  for (const double tick : p.y.ticks()) {
    const double y = std::round(p.at(0, tick).y);
    rectangle(p.canvas, {p.room.x, y, p.room.width, 1}, core::filled(palette::rule));
    p.canvas.text({p.room.x - 0.6 * p.word, y - p.word / 2}, p.y.words(tick), p.word, palette::quiet,
                  Align::right);
  }
  double free = 0;  // from where on no tick has words yet
  for (const double tick : p.x.ticks()) {
    const double x = std::round(p.at(tick, 0).x), mark = std::round(0.5 * p.word);
    const std::string words = p.x.words(tick);
    const double half = text_width(words, p.word) / 2;
    rectangle(p.canvas, {x, p.room.y - mark, 1, mark}, core::filled(palette::rule));
    const double middle = std::min(x, p.width - half - 0.5 * p.word);
    if (middle - half < free) continue;
    p.canvas.text({middle, p.room.y - 2 * p.word}, words, p.word, palette::quiet, Align::center);
    free = middle + half + 0.5 * p.word;
  }
  if (p.tall())
    p.canvas.text({p.room.x + p.room.width / 2, p.room.y - 4 * p.word},
                  shorten(over_env_steps() ? "env steps" : "training step", p.word, p.room.width), p.word,
                  palette::quiet, Align::center);
}

const Curves::Thinned& Curves::thinned(const Plot& p, size_t k) const {
  Thinned& kept = thinned_[k];
  if (kept.columns == p.columns() && kept.right == p.x.high) return kept;
  const Series& rows = histories_[k].rows();
  kept = {p.columns(), p.x.high, extremes(rows, p.x.low, p.x.high, p.columns()),
          thin(rows.x, rows.y, std::max<size_t>(1, p.columns() / 6))};
  return kept;
}

// A line through finite values; others leave a gap, and one alone is a dot.
static void draw_path(Canvas& canvas, const Series& rows, const auto& place, core::Color color,
                      double width) {
  const size_t n = rows.x.size();
  const auto there = [&](size_t k) { return k < n && std::isfinite(rows.y[k]); };
  for (size_t k = 0; k < n; ++k) {
    if (!there(k)) continue;
    const Vec from = place(rows.x[k], rows.y[k]);
    if (there(k + 1)) canvas.line(from, place(rows.x[k + 1], rows.y[k + 1]), color, width);
    if (!there(k + 1) && !(k > 0 && there(k - 1))) canvas.circle(from, width, core::filled(color));
  }
}

void Curves::draw_line(const Plot& p, size_t k) const {
  const Series& rows = histories_[k].rows();
  const core::Color color = series_color(k);
  const auto place = [&p](double step, double value) { return p.at(step, value); };
  if (is_dense(rows, p.columns())) return draw_path(p.canvas, thinned(p, k).means, place, color, 2);
  // Wider lines have round ends, which cost more than the lines.
  const bool few = 8 * rows.x.size() < p.columns();
  const double width = few ? std::max(2.0, p.word / 5) : 1.5;
  draw_path(p.canvas, rows, place, color, width);
  for (size_t row = 0; few && row < rows.x.size(); ++row)
    if (std::isfinite(rows.y[row]))
      p.canvas.circle(p.at(rows.x[row], rows.y[row]), 1.4 * width, core::filled(color));
}

// How low and high many rows went, a bar for each column of pixels.
void Curves::draw_band(const Plot& p, size_t k) const {
  if (!is_dense(histories_[k].rows(), p.columns())) return;
  for (const Column& column : thinned(p, k).extremes) {
    const double low = p.at(0, column.low).y, high = p.at(0, column.high).y;
    rectangle(p.canvas, {p.room.x + static_cast<double>(column.at), low, 1, std::max(1.0, high - low)},
              core::filled(light(series_color(k))));
  }
}

void Curves::draw_marker(const Plot& p) const {
  if (!p.marker) return;
  const double x = std::round(p.at(static_cast<double>(*p.marker), 0).x);
  rectangle(p.canvas, {x - 1, p.room.y, 2, p.room.height}, core::filled(palette::quiet));
  for (size_t k = 0; k < histories_.size(); ++k) {
    const Series& rows = histories_[k].rows();
    const auto row = histories_[k].row_at(*p.marker);
    if (!row || !std::isfinite(rows.y[*row])) continue;
    p.canvas.circle(p.at(rows.x[*row], rows.y[*row]), std::max(3.0, 0.4 * p.word),
                    {.fill = series_color(k), .line = palette::paper, .width = 1.5});
  }
}

// Axes over what all lines reach, and the room that their words leave. False when there is nothing to plot.
bool Curves::lay_out(Plot& p) const {
  double last = p.marker ? static_cast<double>(*p.marker) : 0, low = 1, high = 0;
  for (const History& history : histories_) {
    if (history.low() > history.high()) continue;
    low = low > high ? history.low() : std::min(low, history.low());
    high = std::max(low, std::max(high, history.high()));
    last = std::max(last, history.rows().x.back());
  }
  const double foot = std::round((p.tall() ? 5 : 3) * p.word);
  const size_t header = p.first_run() + (histories_.size() > 1 ? histories_.size() : 0);
  const double top = p.baseline(header - 1) - 1.6 * p.word;
  p.room = {p.pad(), foot, p.width - 2.5 * p.pad(), std::round(top - foot)};
  if (low > high) return false;
  p.y = rounded(axis_over(low, high, std::clamp(p.room.height / (4 * p.word), 1.0, 8.0)));
  double words = 0;
  for (const double tick : p.y.ticks()) words = std::max(words, text_width(p.y.words(tick), p.word));
  p.room.x = std::round(p.pad() + words + 0.8 * p.word);
  p.room.width = std::floor(p.width - p.room.x - 1.5 * p.pad());
  p.x = axis_over(0, std::max(1.0, last), std::clamp(p.room.width / (5 * p.word), 1.0, 8.0));
  return true;
}

void Curves::draw(Canvas& canvas, Rect area, double word, std::optional<int64_t> marker) const {
  const double x = std::ceil(area.x), y = std::ceil(area.y);
  const double width = std::floor(area.x + area.width) - x, height = std::floor(area.y + area.height) - y;
  if (width < 8 * word || height < 8 * word) return;
  Inset page(canvas, {x, y, width, height});
  page.view({0, 0, width, height}, palette::paper);
  Plot plot{page, width, height, word, marker};
  const bool any = lay_out(plot);
  draw_header(plot);
  if (plot.room.width < 4 * word || plot.room.height < 3 * word) return;
  if (!any) {
    rectangle(page, plot.room, core::filled(palette::panel));
    page.text({plot.room.x + plot.room.width / 2, plot.room.y + (plot.room.height - word) / 2},
              shorten("no value yet", word, plot.room.width), word, palette::quiet, Align::center);
    return;
  }
  draw_axes(plot);
  const double dot = std::round(0.6 * word);  // dots reach beyond the plot's edges
  page.clip(
      Rect{plot.room.x - dot, plot.room.y - dot, plot.room.width + 2 * dot, plot.room.height + 2 * dot});
  for (size_t k = 0; k < histories_.size(); ++k) draw_band(plot, k);
  for (size_t k = 0; k < histories_.size(); ++k) draw_line(plot, k);
  draw_marker(plot);
}

}  // namespace render

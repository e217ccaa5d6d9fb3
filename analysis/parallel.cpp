// Scales, then lines, the best last so that they lie on top.
#include "analysis/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "render/cairo_canvas.h"
#include "render/font.h"
#include "render/palette.h"
#include "render/text_table.h"
#include "render/view.h"

namespace analysis {

namespace palette = render::palette;

namespace {

constexpr double height = 400, low = 36, high = 310, margin = 90, spacing = 150, letter = 9;
constexpr core::Color veil{255, 255, 255, 235};  // between lines and the words on them
constexpr double lightest = 0.85;                // of viridis that is still seen on paper
constexpr size_t most_marks = 12;
constexpr double wide = 10;  // positive numbers that span this factor or more lie on a log scale

std::optional<double> number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size() && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

std::string mark_of(double value) {
  const bool count = value >= 10'000 && value < 1e9;
  return count ? render::short_count(std::llround(value)) : render::short_number(value);
}

// Where each trial crosses an axis, 0 .. 1, and what stands beside it.
struct Scale {
  std::vector<double> at;  // NaN: nowhere
  std::vector<std::pair<double, std::string>> marks;
};

Scale words(const std::vector<std::string>& values) {
  std::vector<std::string> known;
  for (const auto& value : values)
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
  std::sort(known.begin(), known.end());
  Scale scale;
  const auto place = [&](size_t k) {
    return known.size() == 1 ? 0.5 : static_cast<double>(k) / static_cast<double>(known.size() - 1);
  };
  for (const auto& value : values)
    scale.at.push_back(
        place(static_cast<size_t>(std::find(known.begin(), known.end(), value) - known.begin())));
  const size_t stride = (known.size() + most_marks - 1) / most_marks;
  for (size_t k = 0; k < known.size(); k += stride) scale.marks.emplace_back(place(k), known[k]);
  return scale;
}

Scale numbers(const std::vector<double>& values, bool may_be_log) {
  double least = INFINITY, most = -INFINITY;
  for (const double value : values)
    if (!std::isnan(value)) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  const bool log = may_be_log && least > 0 && most >= wide * least;
  const auto turned = [&](double value) { return log ? std::log(value) : value; };
  const double span = turned(most) - turned(least);
  Scale scale;
  for (const double value : values) {
    const double share = span > 0 ? (turned(value) - turned(least)) / span : 0.5;
    scale.at.push_back(std::isnan(value) ? NAN : share);
  }
  if (span == 0) {
    scale.marks = {{0.5, mark_of(least)}};
    return scale;
  }
  const double middle = (turned(least) + turned(most)) / 2;
  scale.marks = {{0, mark_of(least)}, {0.5, mark_of(log ? std::exp(middle) : middle)}, {1, mark_of(most)}};
  return scale;
}

// Numbers where all that is not "-", which stands for none, is a number; else words.
Scale scale_of(const std::vector<std::string>& values, bool score) {
  std::vector<double> found;
  bool any = false;
  for (const std::string& value : values) {
    const auto read = number(value);
    if (!read && value != "-") return words(values);
    any = any || read;
    found.push_back(read.value_or(NAN));
  }
  return any ? numbers(found, !score) : Scale{found, {}};
}

double x_of(size_t axis) { return margin + spacing * static_cast<double>(axis); }
core::Vec point(size_t axis, double at) { return {x_of(axis), low + at * (high - low)}; }

void draw_axis(core::Canvas& canvas, size_t axis, const std::string& name, const Scale& scale) {
  canvas.line(point(axis, 0), point(axis, 1), palette::quiet, 1);
  canvas.text({x_of(axis), high + 2 * letter}, render::shorten(name, letter, spacing - letter), letter,
              palette::ink, core::Align::center);
  for (const auto& [at, words] : scale.marks) {
    const core::Vec mark = point(axis, at);
    canvas.line({mark.x - 4, mark.y}, mark, palette::quiet, 1);
    const std::string shown = render::shorten(words, letter, spacing / 2);
    const double wide_words = render::text_width(shown, letter);
    render::rectangle(canvas, {mark.x - 10 - wide_words, mark.y - letter, wide_words + 4, 2 * letter},
                      core::filled(veil));
    canvas.text({mark.x - 8, mark.y - letter / 2}, shown, letter, palette::quiet, core::Align::right);
  }
}

}  // namespace

void write_parallel(const std::filesystem::path& svg, const std::string& title,
                    const std::vector<ParallelAxis>& axes, double better) {
  const double width = 2 * margin + spacing * static_cast<double>(axes.size() - 1);
  render::CairoCanvas canvas =
      render::CairoCanvas::svg(svg, static_cast<int>(width), static_cast<int>(height));
  canvas.view({0, 0, width, height}, palette::paper);
  canvas.text({24, height - 34}, render::shorten(title, 12, width - 48), 12, palette::ink, core::Align::left);
  std::vector<Scale> scales;
  scales.reserve(axes.size());
  for (const ParallelAxis& axis : axes) scales.push_back(scale_of(axis.values, &axis == &axes.back()));
  // 0 best .. 1 worst; the best are drawn last
  std::vector<double> behind;
  behind.reserve(scales.back().at.size());
  for (const double at : scales.back().at) behind.push_back(better < 0 ? at : 1 - at);
  std::vector<size_t> order;
  for (size_t trial = 0; trial < behind.size(); ++trial)
    if (!std::isnan(behind[trial])) order.push_back(trial);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return behind[a] > behind[b]; });
  for (const size_t trial : order)
    for (size_t axis = 0; axis + 1 < axes.size(); ++axis)
      canvas.line(point(axis, scales[axis].at[trial]), point(axis + 1, scales[axis + 1].at[trial]),
                  render::viridis(lightest * behind[trial]), 2);
  for (size_t axis = 0; axis < axes.size(); ++axis) draw_axis(canvas, axis, axes[axis].name, scales[axis]);
  canvas.finish();
}

}  // namespace analysis

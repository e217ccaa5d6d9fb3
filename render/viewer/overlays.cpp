#include "render/viewer/overlays.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/actions.h"

namespace render {

using core::Align, core::Canvas, core::Color, core::Rect;

namespace {

constexpr size_t widest_observation = 24;  // elements; more are no bars that one can read

struct Section {
  std::string title;
  double height;  // pixels, without the title
  std::function<void(Rect)> draw;
};

struct Range {
  double low = INFINITY, high = -INFINITY;

  void widen(double value) {
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  }
  double share(double value) const {
    return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.5;
  }
};

// The rows of an episode's numbers, [length, n].
struct Rows {
  const std::vector<float>& values;
  size_t n;

  std::span<const float> at(int64_t t) const {
    const int64_t last = static_cast<int64_t>(values.size() / n) - 1;
    return {values.data() + static_cast<size_t>(std::min(t, last)) * n, n};
  }
  Range range() const {
    Range range;
    for (const float v : values) range.widen(v);
    return range;
  }
};

class Panel {
 public:
  Panel(Canvas& canvas, Rect area, double word, const Player& player)
      : canvas_(canvas), area_(area), word_(word), player_(player) {}

  void draw() {
    rectangle(canvas_, area_, core::filled(palette::paper));
    canvas_.line({area_.x, area_.y}, {area_.x, area_.y + area_.height}, palette::rule, 1);
    double top = area_.y + area_.height - word_;
    for (const Section& section : sections()) {
      const double low = top - 2 * word_ - section.height;
      if (low < area_.y + word_) return;
      text({left(), top - word_}, section.title, palette::quiet, Align::left, width());
      section.draw({left(), low, width(), section.height});
      top = low - 1.5 * word_;
    }
  }

 private:
  double left() const { return area_.x + 1.2 * word_; }
  double width() const { return area_.width - 2.4 * word_; }

  void text(core::Vec at, const std::string& words, Color color, Align align, double room) {
    canvas_.text(at, shorten(words, word_, room), word_, color, align);
  }

  std::vector<Section> sections() {
    const core::Episode& e = player_.episode();
    const core::EpisodeFormat& format = player_.format();
    std::vector<Section> all;
    if (player_.length() > 0 && format.probabilities)
      all.push_back(choices("probability of each action", {e.probabilities, format.probabilities}, {0, 1}));
    if (player_.length() > 0 && format.q) {
      const Rows rows{e.q, format.q};
      all.push_back(choices("value of each action (Q)", rows, rows.range()));
    }
    if (player_.length() > 0 && format.value) all.push_back(course("value of the state", e.value));
    if (player_.length() > 0) all.push_back(course("reward so far", so_far()));
    if (format.obs_dtype == "float32" && player_.spec().observation.size() <= int64_t(widest_observation))
      all.push_back(observation());
    if (player_.length() > 0 && format.hidden) all.push_back(hidden({e.hidden, format.hidden}));
    return all;
  }

  // A bar for each action; the one that is taken next is dark.
  Section choices(const std::string& title, Rows rows, Range range) {
    const double line = 1.9 * word_;
    return {title, line * static_cast<double>(rows.n), [this, rows, range, line](Rect r) {
              const auto row = rows.at(player_.t());
              const int64_t taken = player_.action_at(player_.t());
              for (size_t a = 0; a < rows.n; ++a) {
                const double y = r.y + r.height - line * static_cast<double>(a + 1);
                bar({r.x, y, r.width, line}, action_name(player_.spec(), static_cast<int64_t>(a)),
                    fmt::format("{:.2f}", row[a]), range.share(row[a]),
                    static_cast<int64_t>(a) == taken ? palette::series[0] : palette::series[3]);
              }
            }};
  }

  // name | bar | number
  void bar(Rect r, const std::string& name, const std::string& number, double share, Color color) {
    const double names = 0.34 * r.width, numbers = 5 * word_, y = r.y + 0.45 * word_;
    text({r.x, y}, name, palette::ink, Align::left, names - 0.5 * word_);
    text({r.x + r.width, y}, number, palette::quiet, Align::right, numbers);
    const Rect room{r.x + names, r.y + 0.25 * word_, r.width - names - numbers - 0.5 * word_, 1.4 * word_};
    rectangle(canvas_, room, core::filled(palette::panel));
    rectangle(canvas_, {room.x, room.y, std::max(1.0, share * room.width), room.height}, core::filled(color));
  }

  std::vector<float> so_far() const {
    std::vector<float> sums;
    double sum = 0;
    for (const double reward : player_.episode().rewards) sums.push_back(static_cast<float>(sum += reward));
    return sums;
  }

  // A curve over the whole episode with a mark at the present step.
  Section course(const std::string& title, std::vector<float> values) {
    Range range;
    for (const float v : values) range.widen(v);
    const auto at = [](const std::vector<float>& v, int64_t t) {
      return v[static_cast<size_t>(std::clamp<int64_t>(t, 0, static_cast<int64_t>(v.size()) - 1))];
    };
    const double now = at(values, player_.t());
    return {fmt::format("{}: {:.4g}", title, now), 5 * word_, [this, values, range, now](Rect r) {
              rectangle(canvas_, r, core::filled(palette::panel));
              const auto n = static_cast<int64_t>(values.size());
              const auto columns = std::min<int64_t>(n, static_cast<int64_t>(r.width));
              const auto point = [&](int64_t t) {
                const double share = n > 1 ? static_cast<double>(t) / static_cast<double>(n - 1) : 0;
                return core::Vec{r.x + share * r.width,
                                 r.y + 1 + range.share(values[size_t(t)]) * (r.height - 2)};
              };
              for (int64_t c = 1; c < columns; ++c)
                canvas_.line(point((c - 1) * (n - 1) / (columns - 1)), point(c * (n - 1) / (columns - 1)),
                             palette::series[0], 1.5);
              const double x = r.x + r.width * std::min(1.0, static_cast<double>(player_.t()) /
                                                                 std::max(1.0, static_cast<double>(n - 1)));
              canvas_.line({x, r.y}, {x, r.y + r.height}, palette::quiet, 1);
              canvas_.circle({x, r.y + 1 + range.share(now) * (r.height - 2)}, 0.35 * word_,
                             core::filled(palette::warning));
            }};
  }

  // A column for each element, between its least and its greatest value in this episode.
  Section observation() {
    const auto n = static_cast<size_t>(player_.spec().observation.size());
    return {"observation, each element in its range", 6 * word_, [this, n](Rect r) {
              const auto& bytes = player_.episode().observations;
              std::vector<float> values(bytes.size() / sizeof(float));
              std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
              const Rows rows{values, n};
              const auto row = rows.at(player_.t());
              const double step = r.width / static_cast<double>(n), wide = std::max(1.0, 0.7 * step);
              for (size_t k = 0; k < n; ++k) {
                Range range;
                for (size_t i = k; i < values.size(); i += n) range.widen(values[i]);
                const double x = r.x + step * static_cast<double>(k) + (step - wide) / 2;
                rectangle(canvas_, {x, r.y, wide, r.height}, core::filled(palette::panel));
                rectangle(canvas_, {x, r.y, wide, std::max(1.0, range.share(row[k]) * r.height)},
                          core::filled(palette::series[2]));
              }
            }};
  }

  // A cell for each unit, dark where it is least, light where it is greatest in this episode.
  Section hidden(Rows rows) {
    const double side = std::max(3.0, std::floor(width() / 32));
    const auto lines = (rows.n + 31) / 32;
    return {fmt::format("{} hidden units", rows.n), side * static_cast<double>(lines),
            [this, rows, side](Rect r) {
              const Range range = rows.range();
              const auto row = rows.at(player_.t());
              for (size_t k = 0; k < rows.n; ++k)
                rectangle(canvas_,
                          {r.x + side * static_cast<double>(k % 32),
                           r.y + r.height - side * static_cast<double>(k / 32 + 1), side - 1, side - 1},
                          core::filled(viridis(range.share(row[k]))));
            }};
  }

  Canvas& canvas_;
  Rect area_;
  double word_;
  const Player& player_;
};

}  // namespace

void draw_overlays(Canvas& canvas, Rect area, double word, const Player& player) {
  canvas.clip(area);
  Panel(canvas, area, word, player).draw();
  canvas.clip(std::nullopt);
}

}  // namespace render

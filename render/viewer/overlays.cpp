#include "render/viewer/overlays.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "render/font.h"
#include "render/palette.h"
#include "render/view.h"
#include "render/viewer/actions.h"
#include "render/viewer/gauges.h"
#include "render/viewer/page.h"

namespace render {

using core::Canvas, core::Rect;

namespace {

constexpr int64_t widest_observation = 24;  // elements; more are no columns that one can read

struct Section {
  std::string title;
  double height;  // pixels, without the title
  std::function<void(Canvas&, Rect)> draw;
};

// Row t of an episode's numbers [length, n]; after the end the last one.
std::span<const float> row_at(const std::vector<float>& values, size_t n, int64_t t) {
  const auto last = static_cast<int64_t>(values.size() / n) - 1;
  return {values.data() + static_cast<size_t>(std::clamp<int64_t>(t, 0, last)) * n, n};
}

// A bar for each action at the present step; the one that is taken next is dark.
Section choices(const std::string& title, const Player& player, std::span<const float> row, Range range,
                double word) {
  std::vector<Bar> bars;
  for (size_t a = 0; a < row.size(); ++a) {
    const auto action = static_cast<int64_t>(a);
    bars.push_back({action_name(player.spec(), action), row[a], action == player.action_at(player.t())});
  }
  const auto draw = [=](Canvas& canvas, Rect where) { draw_bars(canvas, where, word, bars, range); };
  return {title, 1.9 * word * static_cast<double>(row.size()), draw};
}

Section course(const std::string& title, const std::vector<float>& values, int64_t t, double word) {
  const float now = row_at(values, 1, t)[0];
  const auto draw = [=](Canvas& canvas, Rect where) { draw_course(canvas, where, word, values, t); };
  return {fmt::format("{}: {:.4g}", title, now), 4 * word, draw};
}

// [length + 1]: nothing yet, then after each step.
std::vector<float> rewards_so_far(const core::Episode& episode) {
  std::vector<float> sums{0};
  double sum = 0;
  for (const double reward : episode.rewards) sums.push_back(static_cast<float>(sum += reward));
  return sums;
}

double largest_of(const std::vector<float>& values, size_t k, size_t n) {
  const Range range = range_over(values, k, n);
  return std::max(-range.low, range.high);
}

// A name, a bar and a value for each element where there are few and they have names, else columns; each
// beside its largest magnitude in this episode.
Section observation(const Player& player, double word) {
  const envs::Space& space = player.spec().observation;
  const auto n = static_cast<size_t>(space.size());
  const auto& bytes = player.episode().observations;
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  const auto row = row_at(values, n, player.t());
  std::vector<Filled> filled;
  for (size_t k = 0; k < n; ++k) {
    const bool signs = k >= space.low.size() || space.low[k] < 0 || range_over(values, k, n).low < 0;
    filled.push_back(filled_from_zero(row[k], largest_of(values, k, n), signs));
  }
  std::vector<Bar> bars;
  for (size_t k = 0; k < n; ++k)
    if (const std::string name = observation_name(player.spec(), k); !name.empty())
      bars.push_back({name, row[k], false, filled[k]});
  if (bars.size() == n)
    return {"observation", 1.9 * word * static_cast<double>(n),
            [=](Canvas& canvas, Rect where) { draw_bars(canvas, where, word, bars, {}); }};
  return {"observation", 4 * word,
          [filled](Canvas& canvas, Rect where) { draw_columns(canvas, where, filled); }};
}

Section hidden(const Player& player, double width) {
  const size_t n = player.format().hidden;
  const auto& values = player.episode().hidden;
  const double side = std::max(3.0, std::floor(width / 32));
  const auto row = row_at(values, n, player.t());
  const auto draw = [row, side, range = range_over(values)](Canvas& canvas, Rect where) {
    draw_cells(canvas, where, side, row, range);
  };
  return {fmt::format("{} hidden units", n), side * static_cast<double>((n + 31) / 32), draw};
}

std::vector<Section> sections(const Player& player, double word, double width) {
  const core::Episode& e = player.episode();
  const core::EpisodeFormat& format = player.format();
  const int64_t t = player.t();
  std::vector<Section> all;
  if (player.length() > 0) {
    if (format.probabilities)
      all.push_back(choices("probability of each action", player,
                            row_at(e.probabilities, format.probabilities, t), {0, 1}, word));
    if (format.q) {
      const auto row = row_at(e.q, format.q, t);
      all.push_back(choices("Q, least to best action", player, row, range_over(row), word));
    }
    if (format.value) all.push_back(course("value of the state", e.value, t, word));
    all.push_back(course("reward so far", rewards_so_far(e), t, word));
  }
  if (format.obs_dtype == "float32" && player.spec().observation.size() <= widest_observation)
    all.push_back(observation(player, word));
  if (player.length() > 0 && format.hidden) all.push_back(hidden(player, width));
  return all;
}

}  // namespace

namespace {

constexpr double least_word = 7;  // pixels, as the page's own

double title_room(double word) { return 2 * word; }  // of a section
double room_beneath(double word) { return 1.5 * word; }

// Pixels that they take, one beneath the other.
double height_of(const std::vector<Section>& all, double word) {
  double height = word - room_beneath(word);
  for (const Section& section : all) height += title_room(word) + section.height + room_beneath(word);
  return height;
}

// "no room for: observation"
std::string left_out(std::span<const Section> rest) {
  std::string words;
  for (const Section& section : rest)
    words += (words.empty() ? "no room for: " : ", ") + section.title.substr(0, section.title.find(':'));
  return words;
}

}  // namespace

// All of them, in smaller words where the area is low; what finds no room even so is named at its foot.
void draw_overlays(Canvas& canvas, Rect area, double word, const Player& player) {
  const double left = area.x + 1.2 * word, width = area.width - 2.4 * word;
  canvas.clip(area);
  rectangle(canvas, area, core::filled(palette::paper));
  std::vector<Section> all = sections(player, word, width);
  for (; height_of(all, word) > area.height && word - 1 >= least_word; all = sections(player, word, width))
    --word;
  const bool fits = height_of(all, word) <= area.height;
  const double foot = area.y + (fits ? 0 : title_room(word));
  double top = area.y + area.height - word;
  for (size_t k = 0; k < all.size(); ++k) {
    const double low = top - title_room(word) - all[k].height;
    if (low < foot) {
      const std::string words = left_out(std::span(all).subspan(k));
      draw_fitting(canvas, {left, area.y + word}, words, word, width, palette::quiet);
      break;
    }
    draw_fitting(canvas, {left, top - word}, all[k].title, word, width, palette::quiet);
    all[k].draw(canvas, {left, low, width, all[k].height});
    top = low - room_beneath(word);
  }
  canvas.clip(std::nullopt);
}

}  // namespace render

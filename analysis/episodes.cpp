// Episodes are replayed, drawn small, and thinned to a few seconds.
#include "analysis/episodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/html.h"
#include "core/child.h"
#include "core/episodes.h"
#include "core/error.h"
#include "render/cairo_canvas.h"
#include "render/files.h"
#include "render/film.h"
#include "render/player.h"
#include "render/statistics.h"
#include "render/text_table.h"

namespace analysis {

namespace {

using Headers = std::vector<core::EpisodeHeader>;

// One row for each policy.
std::string newest_table(const Headers& headers) {
  std::map<std::string, std::vector<const core::EpisodeHeader*>> newest;
  for (const auto& h : headers) {
    auto& of = newest[h.policy];
    if (!of.empty() && of.front()->step != h.step) of.clear();
    of.push_back(&h);
  }
  std::vector<std::vector<std::string>> rows{
      {"policy", "at step", "episodes", "mean return", "lowest", "highest", "mean length"}};
  for (const auto& [policy, of] : newest) {
    std::vector<double> returns, lengths;
    for (const auto* h : of) {
      returns.push_back(h->episode_return);
      lengths.push_back(static_cast<double>(h->length));
    }
    const auto [low, high] = std::minmax_element(returns.begin(), returns.end());
    rows.push_back({policy, std::to_string(of.front()->step), std::to_string(of.size()),
                    render::short_number(render::mean_interval(returns).value), render::short_number(*low),
                    render::short_number(*high), render::short_number(render::mean_interval(lengths).value)});
  }
  return html::table(rows);
}

// The first episode of the first, the middle and the newest evaluation, of the policy of the newest one.
std::vector<size_t> milestones(const Headers& headers) {
  const bool greedy = std::any_of(headers.begin(), headers.end(),
                                  [](const auto& h) { return std::string_view(h.policy) == "greedy"; });
  const std::string policy = greedy ? "greedy" : headers.back().policy;
  std::map<int64_t, size_t> first;  // step -> episode
  for (size_t k = 0; k < headers.size(); ++k)
    if (headers[k].policy == policy) first.try_emplace(headers[k].step, k);
  std::vector<size_t> all;
  all.reserve(first.size());
  for (const auto& [step, k] : first) all.push_back(k);
  const std::set<size_t> chosen{all.front(), all[all.size() / 2], all.back()};
  return {chosen.begin(), chosen.end()};
}

core::Image frame(render::Player& player, int64_t t, int width, int height) {
  player.seek(t);
  render::CairoCanvas canvas(width, height);
  player.draw(canvas);
  return canvas.image();
}

std::string difference(const render::Player& player) {
  if (!player.difference()) return "";
  return fmt::format("<p class=\"note\">{}</p>\n", html::escape(player.difference()->str()));
}

// At the environment's own pace, no more than 25 frames a second; a long episode in larger steps.
std::string gif_of(render::Player& player) {
  static constexpr int64_t most = 120;
  static constexpr int width = 320, height = 240;
  const auto pace = static_cast<int64_t>(std::ceil(player.fps() / 25));  // steps a frame
  const int64_t stride = std::max(pace, (player.length() + most - 1) / most);
  const render::ScratchFolder scratch;
  render::write_film(scratch / "episode.gif", {.width = width,
                                               .height = height,
                                               .fps = player.fps() / static_cast<double>(pace),
                                               .frames = 1 + (player.length() + stride - 1) / stride,
                                               .draw = [&](int64_t k) {
                                                 return frame(player, std::min(k * stride, player.length()),
                                                              width, height);
                                               }});
  return render::contents(scratch / "episode.gif");
}

std::string gifs(const core::EpisodeFile& file) {
  std::string out = "<div class=\"pictures films\">", differences;
  for (const size_t k : milestones(file.headers())) {
    render::Player player(file.format(), file.read(k));
    const core::EpisodeHeader& h = player.header();
    out += html::film(gif_of(player), fmt::format("{}, step {}: return {} in {} steps", h.policy, h.step,
                                                  render::short_number(h.episode_return), h.length));
    differences += difference(player);
  }
  return out + "</div>\n" + differences;
}

// Five moments of the newest episode, side by side.
std::string strip(const core::EpisodeFile& file) {
  static constexpr int moments = 5, width = 176, height = 132;
  render::Player player(file.format(), file.read(file.headers().size() - 1));
  std::string out = "<div class=\"pictures strip\">";
  for (int k = 0; k < moments; ++k) {
    const int64_t t = player.length() * k / (moments - 1);
    out += html::picture(frame(player, t, width, height), fmt::format("step {}", t));
  }
  const core::EpisodeHeader& h = player.header();
  return out +
         fmt::format("</div><p class=\"quiet\">The last recorded episode: {}, seed {}, return {}.</p>\n",
                     html::escape(h.policy), h.seed, render::short_number(h.episode_return)) +
         difference(player);
}

std::string shown(const core::EpisodeFile& file, std::vector<std::string>& notes) {
  if (core::is_installed("ffmpeg")) return gifs(file);
  const std::string missing = "episodes stand still: ffmpeg is not installed (Debian: ffmpeg)";
  if (std::find(notes.begin(), notes.end(), missing) == notes.end()) notes.push_back(missing);
  return strip(file);
}

}  // namespace

std::string episodes_html(const Run& run, std::vector<std::string>& notes) {
  const auto path = run.folder / "episodes.h5";
  if (!std::filesystem::exists(path)) return "";
  try {
    const core::EpisodeFile file(path);
    if (file.headers().empty()) return "";
    return fmt::format(
               "<h3>Episodes</h3><p class=\"quiet\">{} recorded, of {}; the newest evaluation of each "
               "policy:</p>",
               file.headers().size(), html::escape(file.format().env_id)) +
           newest_table(file.headers()) + shown(file, notes);
  } catch (const core::Error& error) {  // an episode that cannot be shown must not hide the report
    notes.emplace_back(error.what());
    return "";
  }
}

}  // namespace analysis

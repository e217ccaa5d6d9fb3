#include "render/viewer/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/shown.h"
#include "render/font.h"
#include "render/palette.h"
#include "render/text_table.h"
#include "render/view.h"
#include "render/viewer/actions.h"

namespace render {

static constexpr int most_tiles = 100;

Tiles tiles_of(const std::string& words) {
  Tiles tiles{0, 0};
  const char* const end = words.data() + words.size();
  const auto [cross, first] = std::from_chars(words.data(), end, tiles.columns);
  if (first == std::errc{} && cross != end && *cross == 'x')
    if (const auto [rest, second] = std::from_chars(cross + 1, end, tiles.rows);
        second == std::errc{} && rest == end && tiles.columns > 0 && tiles.rows > 0 &&
        tiles.columns <= most_tiles && tiles.count() <= most_tiles)
      return tiles;
  core::fail("--tile {}: expected COLUMNSxROWS, such as 4x4, at most {} tiles", words, most_tiles);
}

Stage::Stage(std::vector<Reel> reels, int64_t first, Tiles tiles) : reels_(std::move(reels)), tiles_(tiles) {
  if (tiles_.count() < static_cast<int>(reels_.size())) tiles_ = {static_cast<int>(reels_.size()), 1};
  open(first);
}

int64_t Stage::apart() const {
  return std::max<int64_t>(1, tiles_.count() / static_cast<int64_t>(reels_.size()));
}

void Stage::open(int64_t first) {
  Players players;
  fill(players, first);
  core::check(!players.empty(), "there is no episode {}", first);
  players_ = std::move(players);
  first_ = first;
  t_ = 0;
}

void Stage::fill(Players& players, int64_t first) const {
  for (auto k = players.size(); k < static_cast<size_t>(tiles_.count()); ++k) {
    const Reel& reel = reels_[k % reels_.size()];
    const int64_t index = first + static_cast<int64_t>(k / reels_.size());
    if (index >= reel.count) return;
    players.push_back(std::make_unique<Player>(reel.format, reel.episode(index)));
  }
}

int64_t Stage::length() const {
  int64_t longest = 0;
  for (const auto& player : players_) longest = std::max(longest, player->length());
  return longest;
}

void Stage::seek(int64_t t) {
  t_ = std::clamp<int64_t>(t, 0, length());
  for (const auto& player : players_) player->seek(t_);
}

bool Stage::turn(int by) {
  const int64_t first = std::max<int64_t>(0, first_ + by * apart());
  if (first == first_ || first >= reels_[0].count) return false;
  open(first);
  return true;
}

void Stage::tile(Tiles tiles) {
  tiles_ = tiles;
  if (tiles_.count() < static_cast<int>(reels_.size())) tiles_ = {static_cast<int>(reels_.size()), 1};
  open(std::clamp<int64_t>(reels_[0].count - apart(), 0, first_));
}

bool Stage::refresh() {
  bool grown = false;
  for (Reel& reel : reels_) {
    if (!reel.grow) continue;
    const int64_t count = reel.grow(first_ + 2 * apart());
    grown |= count != reel.count;
    reel.count = count;
  }
  if (grown) {
    fill(players_, first_);
    seek(t_);
  }
  const bool newest = reels_[0].training && first_ + apart() < reels_[0].count;
  if (grown && newest && t_ == length()) open(std::max(first_ + 1, reels_[0].count - apart()));
  return grown;
}

static std::string shown(double value) {
  return value == std::round(value) && std::abs(value) < 1e9 ? fmt::format("{:.0f}", value)
                                                             : fmt::format("{:.2f}", value);
}

static std::string ending(const core::EpisodeHeader& header) {
  return header.terminated ? "terminated" : header.truncated ? "truncated" : "cut short";
}

// Where it is too long its last pieces are left out, so that whose it is and of which step comes first.
static std::string title_of(const Player& player, const std::string& whose = "") {
  const core::EpisodeHeader& h = player.header();
  const std::string& env = player.format().env_id;
  std::string title = whose.empty() ? env : whose;
  if (h.env_steps > 0) title += fmt::format(" after {} steps", short_count(h.env_steps));
  if (!whose.empty()) title += "  \u00b7  " + env;
  return title + fmt::format("  \u00b7  episode {}  \u00b7  {}  \u00b7  seed {}", h.episode,
                             core::shown(h.policy), h.seed);
}

static std::string action_words(const Player& player) {
  const int64_t discrete = player.action_at(std::min(player.t(), player.length() - 1));
  return discrete < 0 ? player.action() : action_name(player.spec(), discrete);
}

Caption caption_of(const Player& player) {
  const core::EpisodeHeader& h = player.header();
  const bool over = player.t() == player.length();
  Caption caption;
  caption.title = title_of(player);
  caption.detail = fmt::format("reward so far {}  \u00b7  return {}", shown(player.reward_so_far()),
                               shown(h.episode_return));
  caption.progress = fmt::format("step {} / {}", player.t(), player.length());
  if (over) caption.progress = ending(h) + "  \u00b7  " + caption.progress;
  caption.note = player.length() == 0 ? "reset" : "action: " + action_words(player);
  caption.share =
      player.length() ? static_cast<double>(player.t()) / static_cast<double>(player.length()) : 0;
  caption.over = over;
  if (player.difference() && player.difference()->t <= player.t())
    caption.warning = player.difference()->str();
  return caption;
}

// "ppo 500  ·  dqn 131", or the mean of all where there is one reel.
std::string Stage::returns() const {
  std::string words;
  for (size_t r = 0; r < reels_.size(); ++r) {
    double sum = 0, n = 0;
    for (size_t k = r; k < players_.size(); k += reels_.size()) {
      sum += players_[k]->header().episode_return;
      ++n;
    }
    const std::string name = reels_.size() > 1 ? reels_[r].name : n > 1 ? "mean" : "";
    words += (r ? "  \u00b7  " : "return: ") + name + " " + shown(n > 0 ? sum / n : 0);
  }
  return words;
}

Caption Stage::caption() const {
  Caption caption = caption_of(player());
  // Of a policy that plays now it is told whose it is, and of which step.
  if (alone() && !reels_[0].training && reels_[0].name != player().format().env_id)
    caption.title = title_of(player(), reels_[0].name);
  if (alone()) return caption;
  for (const auto& p : players_)
    if (caption.warning.empty()) caption.warning = caption_of(*p).warning;
  const std::string who =
      reels_.size() > 1 ? reels_[0].name + " beside " + reels_[1].name : player().format().env_id;
  const int64_t each = std::max<int64_t>(1, static_cast<int64_t>(players_.size() / reels_.size()));
  caption.title = each == 1 ? fmt::format("{}  \u00b7  episode {}", who, first_)
                            : fmt::format("{}  \u00b7  episodes {} to {}", who, first_, first_ + each - 1);
  caption.detail = returns();
  caption.progress = fmt::format("step {} / {}", t_, length());
  caption.note = "";
  caption.over = t_ == length();
  caption.share = length() ? static_cast<double>(t_) / static_cast<double>(length()) : 0;
  return caption;
}

// A tile's own line: whose episode it is and what it has brought so far.
static void draw_label(core::Canvas& canvas, core::Rect where, double word, const Player& player,
                       const std::string& name) {
  const bool over = player.t() == player.length();
  const std::string number_words = shown(player.reward_so_far());
  const std::string end = over ? ending(player.header()) + " " + number_words : number_words;
  const double room = where.width - 2 * word - text_width(end, word);
  rectangle(canvas, where, core::filled(palette::panel));
  const double y = where.y + 0.6 * word;
  canvas.text({where.x + where.width - 0.6 * word, y}, shorten(end, word, where.width - word), word,
              over ? palette::series[0] : palette::quiet, core::Align::right);
  const std::string who = name.empty() ? fmt::format("episode {}", player.header().episode)
                                       : fmt::format("{}  \u00b7  episode {}", name, player.header().episode);
  if (room > 0)
    canvas.text({where.x + 0.6 * word, y}, shorten(who, word, room), word, palette::ink, core::Align::left);
}

void Stage::draw(core::Canvas& canvas, core::Rect area, double word) const {
  const double wide = area.width / tiles_.columns, high = area.height / tiles_.rows;
  const double size = std::clamp(wide / 30, 6.0, word), label = alone() ? 0 : std::round(2.2 * size);
  for (size_t k = 0; k < players_.size(); ++k) {
    const auto column = static_cast<int>(k) % tiles_.columns, row = static_cast<int>(k) / tiles_.columns;
    const double gap = alone() ? 0 : 2;
    const core::Rect tile{area.x + wide * column + gap, area.y + area.height - high * (row + 1) + gap,
                          wide - 2 * gap, high - 2 * gap};
    {
      Inset scene(canvas, {tile.x, tile.y + label, tile.width, tile.height - label});
      players_[k]->draw(scene);
    }
    if (label > 0)
      draw_label(canvas, {tile.x, tile.y, tile.width, label}, size, *players_[k],
                 reels_.size() > 1 ? reels_[k % reels_.size()].name : "");
  }
}

}  // namespace render

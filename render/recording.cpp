// One episode as files, without a display: PNG frames, a film, a single frame as SVG.
#include <cstdio>
#include <system_error>

#include "core/error.h"
#include "render/cairo_canvas.h"
#include "render/film.h"
#include "render/page.h"
#include "render/reel.h"
#include "render/watch.h"

namespace render {

namespace {

Player opened(const WatchOptions& options) {
  const Reel reel = reel_of(options);
  return {reel.format, reel.episode(first_episode(options, reel))};
}

// A longer episode's frames must not stay behind a shorter one's.
void clear_frames(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.rfind("frame_", 0) == 0 && entry.path().extension() == ".png")
      std::filesystem::remove(entry.path());
  }
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  core::check(!error, "{}: cannot be made ({})", folder.string(), error.message());
}

void say(const std::filesystem::path& where, const std::string& what, const Player& player) {
  const core::EpisodeHeader& h = player.header();
  fmt::print("{}: {} of {}, {}, episode {}, seed {}, return {:g}\n", where.string(), what,
             player.format().env_id, h.policy, h.episode, h.seed, h.episode_return);
  if (player.difference()) fmt::print("{}\n", player.difference()->str());
}

}  // namespace

int64_t write_frames(const WatchOptions& options) {
  Player player = opened(options);
  make_folder(options.frames);
  clear_frames(options.frames);
  CairoCanvas canvas(options.width, options.height);
  for (int64_t t = 0; t <= player.length(); ++t) {
    player.seek(t);
    draw_page(canvas, options.width, options.height, player);
    canvas.save_png(options.frames / fmt::format("frame_{:06}.png", t));
  }
  say(options.frames, fmt::format("{} frames", player.length() + 1), player);
  return player.length() + 1;
}

void record_film(const WatchOptions& options) {
  check_film_name(options.record);
  Player player = opened(options);
  CairoCanvas canvas(options.width, options.height);
  const auto draw = [&](int64_t t) {
    player.seek(t);
    draw_page(canvas, options.width, options.height, player);
    return canvas.image();
  };
  write_film(options.record,
             {options.width, options.height, options.speed * player.fps(), player.length() + 1, draw});
  say(options.record, fmt::format("{} frames", player.length() + 1), player);
}

void write_svg(const WatchOptions& options) {
  Player player = opened(options);
  const int64_t t = options.step < 0 ? player.length() + 1 + options.step : options.step;
  core::check(t >= 0 && t <= player.length(), "--step {}: expected 0 .. {} (or -1, the last)", options.step,
              player.length());
  player.seek(t);
  CairoCanvas canvas = CairoCanvas::svg(options.svg, options.width, options.height);
  draw_page(canvas, options.width, options.height, player);
  canvas.finish();
  say(options.svg, fmt::format("step {}", t), player);
}

}  // namespace render

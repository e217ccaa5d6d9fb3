// Which episodes, and where they go.
#include "render/watch.h"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>

#include "core/error.h"
#include "render/cairo_canvas.h"
#include "render/page.h"
#include "render/reel.h"
#include "render/viewer.h"

namespace render {

static Reel reel_of(const WatchOptions& options) {
  return options.episodes_file.empty() ? played(options.env, options.policy, options.seed)
                                       : recorded(options.episodes_file);
}

static int64_t first_episode(const WatchOptions& options, const Reel& reel) {
  const int64_t wanted = options.episode.value_or(options.episodes_file.empty() ? 0 : -1);
  const int64_t index = wanted < 0 ? reel.count + wanted : wanted;
  core::check(index >= 0 && index < reel.count, "--episode {}: expected 0 .. {} (or -1, the last)", wanted,
              reel.count - 1);
  return index;
}

// A longer episode's frames must not stay behind a shorter one's.
static void clear_frames(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.rfind("frame_", 0) == 0 && entry.path().extension() == ".png")
      std::filesystem::remove(entry.path());
  }
}

static void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  core::check(!error, "{}: cannot be made ({})", folder.string(), error.message());
}

int64_t write_frames(const WatchOptions& options) {
  const Reel reel = reel_of(options);
  Player player(reel.format, reel.episode(first_episode(options, reel)));
  make_folder(options.frames);
  clear_frames(options.frames);
  CairoCanvas canvas(options.width, options.height);
  for (int64_t t = 0; t <= player.length(); ++t) {
    player.seek(t);
    draw_page(canvas, options.width, options.height, player);
    canvas.save_png(options.frames / fmt::format("frame_{:06}.png", t));
  }
  const core::EpisodeHeader& h = player.header();
  fmt::print("{}: {} frames of {}, {}, episode {}, seed {}, return {:g}\n", options.frames.string(),
             h.length + 1, reel.format.env_id, h.policy, h.episode, h.seed, h.episode_return);
  if (player.difference()) fmt::print("{}\n", player.difference()->str());
  return h.length + 1;
}

int watch(const WatchOptions& options) {
  if (!options.frames.empty()) return write_frames(options), 0;
  Reel reel = reel_of(options);
  const int64_t first = first_episode(options, reel);
  require_display();
  Viewer viewer(std::move(reel), first, options.speed);
  return show(viewer, options);
}

}  // namespace render

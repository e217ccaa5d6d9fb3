// Which episodes, and where they go.
#include "render/watch.h"

#include "core/error.h"
#include "render/reel.h"
#include "render/viewer.h"

namespace render {

Reel reel_of(const WatchOptions& options) {
  return options.episodes_file.empty() ? played(options.env, options.policy, options.seed)
                                       : recorded(options.episodes_file);
}

int64_t first_episode(const WatchOptions& options, const Reel& reel) {
  const int64_t wanted = options.episode.value_or(options.episodes_file.empty() ? 0 : -1);
  const int64_t index = wanted < 0 ? reel.count + wanted : wanted;
  core::check(index >= 0 && index < reel.count, "--episode {}: expected 0 .. {} (or -1, the last)", wanted,
              reel.count - 1);
  return index;
}

int watch(const WatchOptions& options) {
  if (!options.frames.empty()) write_frames(options);
  if (!options.svg.empty()) write_svg(options);
  if (!options.record.empty()) record_film(options);
  if (options.headless()) return 0;
  Reel reel = reel_of(options);
  const int64_t first = first_episode(options, reel);
  require_display();
  Viewer viewer(std::move(reel), first, options.speed);
  return show(viewer, options);
}

}  // namespace render

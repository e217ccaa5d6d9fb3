// What is to be seen, and where it goes.
#include "render/viewer/watch.h"

#include <algorithm>
#include <iostream>

#include "core/error.h"
#include "core/run_log.h"
#include "render/viewer/viewer.h"

namespace render {

namespace {

// `wanted`: how many of its episodes are seen from the start.
Reel reel_of(const Source& source, uint64_t seed, std::optional<int64_t> longest, int64_t wanted) {
  if (source.reel) return source.reel(wanted);
  if (!source.episodes_file.empty()) return recorded(source.episodes_file);
  if (source.run.empty()) return played(source.env, source.policy, seed, longest);
  Reel reel = recorded(source.run / "episodes.h5");
  reel.name = title_of(source.run);
  return reel;
}

int64_t first_episode(const WatchOptions& options, const Reel& reel) {
  const int64_t wanted = options.episode.value_or(reel.training ? -1 : 0);
  const int64_t index = wanted < 0 ? reel.count + wanted : wanted;
  core::check(index >= 0 && index < reel.count, "--episode {}: expected 0 .. {} (or -1, the last)", wanted,
              reel.count - 1);
  return index;
}

Show stage_of(const WatchOptions& options) {
  const int sides = static_cast<int>(options.sources.size());
  const Tiles tiles = options.tile.empty() ? Tiles{sides, 1} : tiles_of(options.tile);
  const int64_t many = std::max(1, tiles.count() / sides);
  std::vector<Reel> reels;
  for (const Source& source : options.sources) {
    reels.push_back(reel_of(source, options.seed, options.max_steps,
                            std::max<int64_t>(0, options.episode.value_or(0)) + many));
    if (reels.back().name.empty()) reels.back().name = reels.back().format.env_id;
  }
  int64_t first = first_episode(options, reels[0]);
  if (!options.episode && reels[0].training) first = std::max<int64_t>(0, first - many + 1);  // the last ones
  return Stage(std::move(reels), first, tiles);
}

bool holds_episodes(const std::filesystem::path& run) {
  const std::filesystem::path file = run / "episodes.h5";
  return std::filesystem::exists(file) && !core::EpisodeFile(file).headers().empty();
}

bool has_episodes(const Source& source) {
  if (source.pictures) return false;
  return source.reel || source.run.empty() || holds_episodes(source.run);
}

// Where a source's pictures lie: drawn for it elsewhere, or in its run.
const std::filesystem::path& pictures_of(const Source& source) {
  return source.pictures ? *source.pictures : source.run;
}

// A run that has recorded nothing to look at: it may still, or it is an error.
Show waiting_for(const std::filesystem::path& run) {
  const core::RunFile file(run);
  core::check(file.attribute("status") == "running", "{}: holds neither episodes nor pictures", run.string());
  return Waiting{file.attribute("name") + ": has just begun, nothing to see yet"};
}

Show open(const WatchOptions& options) {
  if (options.sources[0].policy == "human" && !options.sources[0].env.empty())
    return Human(episode_format(options.sources[0].env), options.seed);
  std::vector<std::filesystem::path> pictured, pictures, empty;  // runs, as the user knows them
  for (const Source& source : options.sources)
    if (!has_episodes(source)) {
      const bool none = core::RunFile(pictures_of(source)).pictures().empty();
      (none ? empty : pictured).push_back(source.run);
      if (!none) pictures.push_back(pictures_of(source));
    }
  if (!empty.empty()) return waiting_for(empty[0]);
  core::check(options.picture.empty() || !pictured.empty(),
              "--picture {}: expected a model that holds pictures; this plays episodes", options.picture);
  if (pictured.empty()) return stage_of(options);
  core::check(pictured.size() == options.sources.size(),
              "{}: holds pictures, the other one episodes; watch them apart", pictured[0].string());
  core::check(options.tile.empty(), "--tile: {} holds pictures, not episodes", pictured[0].string());
  Album album(pictures);
  if (!options.picture.empty()) album.choose(options.picture);
  return album;
}

std::optional<Curves> curves_of(const WatchOptions& options) {
  std::vector<std::filesystem::path> runs;
  for (const Source& source : options.sources)
    if (!source.run.empty()) runs.push_back(source.run);
  core::check(!runs.empty() || !options.metric, "--metric: expected a run folder, which alone has metrics");
  if (runs.empty()) return std::nullopt;
  return Curves(runs, options.metric.value_or(""));
}

// Where episodes that are played in the window end, if not by themselves.
void say_of_window(const Viewer& viewer, const WatchOptions& options) {
  const auto* stage = std::get_if<Stage>(&viewer.show());
  const bool recorded = std::all_of(options.sources.begin(), options.sources.end(),
                                    [](const Source& source) { return source.env.empty(); });
  if (!stage || recorded) return;
  const std::string words = limit_words(stage->player().spec(), options.max_steps);
  if (!words.empty()) std::cout << words << std::endl;  // at once: the window may stay open for long
}

}  // namespace

bool holds_something(const std::filesystem::path& run) {
  return holds_episodes(run) || !core::RunFile(run).pictures().empty();
}

Viewer viewer_of(const WatchOptions& options) {
  return {[options] { return open(options); },
          curves_of(options),
          {.speed = options.speed, .overlays = options.overlays, .curves = options.metric.has_value()}};
}

int watch(const WatchOptions& options) {
  if (!options.frames.empty()) write_frames(options);
  if (!options.svg.empty()) write_svg(options);
  if (!options.record.empty()) record_film(options);
  if (options.headless()) return 0;
  Viewer viewer = viewer_of(options);
  require_display();
  say_of_window(viewer, options);
  return show(viewer, options);
}

}  // namespace render
